package dev.gatewatch.alerting.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Channel.Messenger;
import dev.gatewatch.alerting.channel.ChannelContractTest;
import dev.gatewatch.alerting.channel.ChannelMemory;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.view.AlertView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TelegramChannelTest extends ChannelContractTest {
    @Override
    protected ChannelType type() {
        return new TelegramType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of("api_url", "http://127.0.0.1:" + port, "token", "123456:" + SECRET, "chat", "-1001234");
    }

    @Override
    protected MockResponse accepted() {
        return answer(200, "{\"ok\":true,\"result\":{\"message_id\":77}}");
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of(
                "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: message is too long\"}", Delivery.Refused.class,
                "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: chat not found\"}", Delivery.Broken.class,
                "{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}", Delivery.Broken.class,
                "{\"ok\":false,\"error_code\":429,\"parameters\":{\"retry_after\":7}}", Delivery.Retry.class,
                "<html>Please log in</html>", Delivery.Broken.class);
    }

    @Override
    protected Optional<MockResponse> waitInTheBody() {
        return Optional.of(answer(429, "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 7\",\"parameters\":{\"retry_after\":7}}"));
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        String text = body.path("text").asString();
        assertThat(body.path("parse_mode").asString()).isEqualTo("HTML");
        assertThat(body.path("chat_id").asString()).isEqualTo("-1001234");
        assertThat(text).isNotBlank().hasSizeLessThanOrEqualTo(4_096).contains(alerts.getFirst().series().probe());
        assertThat(text.replaceAll("</?(b|code)>|<a href=\"[^\"<>]*\">|</a>", "")).as("no other tags").doesNotContain("<", ">");
        assertThat(text.replaceAll("&(amp|lt|gt|quot);", "")).as("every & is escaped").doesNotContain("&");
        assertThat(text.split("<b>", -1)).as("tags are closed").hasSameSizeAs(text.split("</b>", -1));
        assertThat(text.split("<code>", -1)).hasSameSizeAs(text.split("</code>", -1));
    }

    @Test
    void theTextIsReadableAndItsPathHasTheBot() throws Exception {
        server.enqueue(accepted());
        try (var channel = channel(config(server.getPort()))) {
            attempt(channel, List.of(AlertSamples.firing("a1", "a<b>", "1 < 2 & 3 > 2")));
        }
        var request = server.takeRequest();

        assertThat(request.getUrl().encodedPath()).isEqualTo("/bot123456:" + SECRET + "/sendMessage");
        assertThat(body(request).path("text").asString())
                .startsWith("🔴 <b>CRITICAL a&lt;b&gt;@eu: http_status</b>\n<b>1 &lt; 2 &amp; 3 &gt; 2</b>\nSince ")
                .contains("\n<b>Cause</b>: The HTTP", "<code>body: {\"error\":\"upstream\"}</code>",
                        "<a href=\"https://wiki.example.com/gateway?a=1&amp;b=2\">Runbook</a>");
    }

    @Test
    void theEndAnswersToTheBeginningAlsoAfterARestart() throws Exception {
        var setup = new ChannelType.Setup(
                "ops", "dc1", PAGE, dev.gatewatch.alerting.channel.Wording.DEFAULT, ChannelMemory.inMemory());
        Notice firing = AlertSamples.notice(1, AlertSamples.firing("a1"));
        Notice resolved = AlertSamples.notice(2, AlertSamples.resolved(AlertSamples.firing("a1")));
        for (Notice notice : List.of(firing, resolved, AlertSamples.notice(3, AlertSamples.firing("a1")))) {
            server.enqueue(accepted());
            try (var channel = (Messenger) channel(config(server.getPort()), setup)) {
                assertThat(channel.send(List.of(notice))).isEqualTo(new Delivery.Delivered());
            }
        }
        assertThat(body(server.takeRequest()).has("reply_parameters")).isFalse();
        JsonNode reply = body(server.takeRequest()).path("reply_parameters");
        assertThat(reply.path("message_id").asLong()).isEqualTo(77);
        assertThat(reply.path("allow_sending_without_reply").asBoolean()).isTrue();
        assertThat(body(server.takeRequest()).has("reply_parameters")).as("what begins anew stands for itself").isFalse();
    }

    @Test
    void aGroupThatMovedSaysWhereTo() throws Exception {
        server.enqueue(answer(400, "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: group chat was upgraded to a"
                + " supergroup chat\",\"parameters\":{\"migrate_to_chat_id\":-100987}}"));
        try (var channel = channel(config(server.getPort()))) {
            assertThat(attempt(channel, List.of(AlertSamples.firing("a1"))))
                    .isInstanceOfSatisfying(Delivery.Broken.class, b -> assertThat(b.reason()).contains("set chat to -100987"));
        }
    }
}
