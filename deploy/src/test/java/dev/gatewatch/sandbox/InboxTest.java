package dev.gatewatch.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InboxTest {
    private final HandClock clock = new HandClock();
    private final Inbox inbox = new Inbox(clock);

    private Response post(String body) {
        return inbox.receive(new Request("POST", "/inbox/slack", "", Map.of("content-type", "application/json"), body));
    }

    @Test
    void aGoodMessageIsOk() {
        Response response = post("{\"text\":\"hello\"}");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("ok");
        assertThat(inbox.messages()).singleElement().satisfies(m -> {
            assertThat(m.text()).isEqualTo("hello");
            assertThat(m.received()).isEqualTo(clock.instant());
        });
    }

    @Test
    void theOldFormEncodingIsTakenToo() {
        var request = new Request(
                "POST",
                "/inbox/slack",
                "",
                Map.of("content-type", "application/x-www-form-urlencoded"),
                "payload=%7B%22text%22%3A%22hi+there%22%7D");
        assertThat(inbox.receive(request).status()).isEqualTo(200);
        assertThat(inbox.messages().getFirst().text()).isEqualTo("hi there");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("", "invalid_payload"),
                Arguments.of("not json", "invalid_payload"),
                Arguments.of("[]", "invalid_payload"),
                Arguments.of("{}", "no_text"),
                Arguments.of("{\"text\":\"\"}", "no_text"),
                Arguments.of("{\"text\":\"" + "x".repeat(40_001) + "\"}", "msg_too_long"),
                Arguments.of("{\"text\":\"a\",\"blocks\":{}}", "invalid_blocks"),
                Arguments.of(blocks("{\"type\":\"divider\"},".repeat(50) + "{\"type\":\"divider\"}"), "invalid_blocks"),
                Arguments.of(blocks(header("x".repeat(151))), "invalid_blocks"),
                Arguments.of(blocks("{\"type\":\"header\",\"text\":{\"type\":\"mrkdwn\",\"text\":\"x\"}}"), "invalid_blocks"),
                Arguments.of(blocks(section("x".repeat(3001))), "invalid_blocks"),
                Arguments.of(blocks("{\"type\":\"section\"}"), "invalid_blocks"),
                Arguments.of(blocks("{\"text\":\"no type\"}"), "invalid_blocks"),
                Arguments.of(blocks("{\"type\":\"context\",\"elements\":[]}"), "invalid_blocks"),
                Arguments.of(
                        "{\"attachments\":[{\"blocks\":[" + section("") + "]}]}", "invalid_attachments"));
    }

    private static String blocks(String blocks) {
        return "{\"text\":\"a\",\"blocks\":[" + blocks + "]}";
    }

    private static String header(String text) {
        return "{\"type\":\"header\",\"text\":{\"type\":\"plain_text\",\"text\":\"" + text + "\"}}";
    }

    private static String section(String text) {
        return "{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"text\":\"" + text + "\"}}";
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatSlackWouldRefuseIsRefused(String body, String error) {
        Response response = post(body);
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body()).isEqualTo(error);
        assertThat(inbox.messages()).isEmpty();
    }

    @Test
    void whatIsJustWithinSlacksLimitsIsTaken() {
        assertThat(post(blocks(header("x".repeat(150)) + "," + section("x".repeat(3000)))).status())
                .isEqualTo(200);
    }

    @Test
    void aMessageASecondGoesThroughForEverAndABurstIsCutShort() {
        for (int i = 0; i < 100; i++) {
            assertThat(post("{\"text\":\"a\"}").status()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(1));
        }
        clock.advance(Duration.ofMinutes(1));
        for (int i = 0; i < Inbox.BURST; i++) {
            assertThat(post("{\"text\":\"b\"}").status()).isEqualTo(200);
        }
        Response limited = post("{\"text\":\"c\"}");
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.headers()).containsEntry("Retry-After", "1");
        assertThat(limited.body()).contains("rate_limited");
        clock.advance(Duration.ofSeconds(1));
        assertThat(post("{\"text\":\"c\"}").status()).isEqualTo(200);
    }

    @Test
    void theLastFiveHundredAreKeptNewestFirst() {
        for (int i = 1; i <= 510; i++) {
            post("{\"text\":\"m" + i + "\"}");
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(inbox.messages()).hasSize(500);
        assertThat(inbox.messages().getFirst().text()).isEqualTo("m510");
        assertThat(inbox.messages().getLast().text()).isEqualTo("m11");
        assertThat(inbox.last()).isEqualTo(510);
    }

    @Test
    void aPageDrawsEveryBlockAndNothingOfItIsMarkupOfTheSender() {
        post("""
                {"text":"fallback","blocks":[
                 {"type":"header","text":{"type":"plain_text","text":":rotating_light: <b>down</b>"}},
                 {"type":"section","text":{"type":"mrkdwn","text":"*bold* `code` <https://a.example/?x=1&amp;y=2|link> <script>alert(1)</script>"},
                  "fields":[{"type":"mrkdwn","text":"*Cause*\\nhttp_status"}]},
                 {"type":"context","elements":[{"type":"mrkdwn","text":"_small_"}]},
                 {"type":"divider"},
                 {"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Open"},"url":"javascript:alert(1)"},
                  {"type":"button","text":{"type":"plain_text","text":"Go"},"url":"http://127.0.0.1:9780/"}]},
                 {"type":"video"}],
                 "attachments":[{"color":"#a30200","text":"attached"}]}""");
        String html = InboxPage.items(inbox.messages());
        assertThat(html)
                .contains("<h2>🚨 &lt;b&gt;down&lt;/b&gt;</h2>")
                .contains("<strong>bold</strong> <code>code</code>")
                .contains("<a rel=\"noreferrer\" href=\"https://a.example/?x=1&amp;y=2\">link</a>")
                .contains("<p><strong>Cause</strong><br>http_status</p>")
                .contains("<em>small</em>", "<hr>", "data-color=\"bad\"", "attached", "block of type video")
                .contains("href=\"http://127.0.0.1:9780/\">Go</a>")
                .doesNotContain("<script", "javascript:");
    }
}
