package dev.gatewatch.alerting.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Wording.Language;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.view.AlertView;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every channel over HTTP promises. Each type's test extends this and says how to configure it against a local server. */
public abstract class ChannelContractTest {
    /** Stands wherever the type's configuration may hold a secret. */
    protected static final String SECRET = "s3cr3t-Vn7qXw2Lk9";

    /** The secret as basic authentication sends it, with the user name {@code user}. */
    private static final String ENCODED =
            java.util.Base64.getEncoder().encodeToString(("user:" + SECRET).getBytes(StandardCharsets.UTF_8));

    protected static final Optional<URI> PAGE = Optional.of(URI.create("https://watch.example.com"));

    protected final MockWebServer server = new MockWebServer();

    @BeforeEach
    final void startServer() throws Exception {
        server.start();
    }

    @AfterEach
    final void stopServer() {
        server.close();
    }

    protected abstract ChannelType type();

    /** A configuration with {@link #SECRET} in every secret, for a receiver at {@code http://127.0.0.1:port}. */
    protected abstract Map<String, Object> config(int port);

    /** The receiver takes it. */
    protected abstract MockResponse accepted();

    /** The receiver takes a well-formed message of these and nothing of it is beyond its limits. */
    protected abstract void assertTakes(JsonNode body, List<AlertView> alerts);

    /**
     * Bodies that this receiver answers with, beside status 200, when it does not take a message, and what each means; empty for a
     * receiver whose status tells.
     */
    protected abstract Map<String, Class<? extends Delivery>> refusalsInside200();

    /** An answer that asks in its body, not in a header, for a wait of 7 seconds; nothing where the receiver has none. */
    protected Optional<MockResponse> waitInTheBody() {
        return Optional.empty();
    }

    protected final Channel channel(Map<String, Object> config) {
        return channel(config, Wording.DEFAULT);
    }

    private Channel channel(Map<String, Object> config, Wording wording) {
        return channel(config, new ChannelType.Setup("ops", "dc1", PAGE, wording));
    }

    protected final Channel channel(Map<String, Object> config, ChannelType.Setup setup) {
        return Sections.read(SectionType.of(type().name(), type().keys(), s -> type().create(s, setup)), config);
    }

    /** What is wrong with a configuration. */
    protected final List<String> problems(Map<String, Object> config) {
        return Sections.problems(
                SectionType.of(type().name(), type().keys(), s -> type().create(s, new ChannelType.Setup("ops", "dc1", PAGE))),
                config);
    }

    /** One attempt to tell of these alerts. */
    protected final Delivery attempt(Channel channel, List<AlertView> alerts) throws InterruptedException {
        return switch (channel) {
            case Channel.Messenger messenger -> {
                var notices = new ArrayList<Notice>();
                alerts.forEach(alert -> notices.add(AlertSamples.notice(notices.size() + 1, alert)));
                yield messenger.send(notices);
            }
            case Channel.Mirror mirror -> mirror.push(0, alerts, AlertSamples.START.plusSeconds(60));
        };
    }

    private Delivery attempt(MockResponse answer) throws Exception {
        server.enqueue(answer);
        try (Channel channel = channel(config(server.getPort()))) {
            return attempt(channel, List.of(AlertSamples.firing("a1")));
        }
    }

    protected static MockResponse answer(int code, String body) {
        return new MockResponse.Builder().code(code).body(body).build();
    }

    @Test
    final void theServiceLoaderFindsItOnceAndItSaysWhatItIs() {
        assertThat(ServiceLoader.load(ChannelType.class).stream().filter(p -> p.type() == type().getClass()))
                .hasSize(1);
        assertThat(type().name()).matches("[a-z]+");
        assertThat(type().description()).endsWith(".");
        assertThat(type().keys()).allSatisfy(key -> assertThat(key.meaning()).isNotBlank());
        assertThat(type().keys()).noneMatch(key -> List.of("name", "type").contains(key.name()));
    }

    @Test
    final void whatTheReceiverTakesIsDelivered() throws Exception {
        assertThat(attempt(accepted())).isEqualTo(new Delivery.Delivered());

        RecordedRequest request = server.takeRequest();
        assertThat(request.getMethod()).isEqualTo("POST");
        assertThat(request.getHeaders().get("Content-Type")).startsWith("application/json");
        assertTakes(body(request), List.of(AlertSamples.firing("a1")));
    }

    @Test
    final void aResolvedAlertIsDelivered() throws Exception {
        server.enqueue(accepted());
        AlertView resolved = AlertSamples.resolved(AlertSamples.firing("a1"));
        try (Channel channel = channel(config(server.getPort()))) {
            assertThat(attempt(channel, List.of(resolved))).isEqualTo(new Delivery.Delivered());
        }
        assertTakes(body(server.takeRequest()), List.of(resolved));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    final void aRefusalIsAboutThisMessageOnly(int status) throws Exception {
        assertThat(attempt(answer(status, "invalid"))).isInstanceOfSatisfying(Delivery.Refused.class, refused -> assertThat(
                        refused.reason())
                .contains("HTTP " + status, "127.0.0.1", "invalid"));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 307, 401, 403, 404, 410})
    final void aReceiverThatTakesNothingNeedsAPerson(int status) throws Exception {
        var answer = new MockResponse.Builder().code(status).body("gone").addHeader("Location", "/elsewhere").build();

        assertThat(attempt(answer)).isInstanceOfSatisfying(Delivery.Broken.class, broken -> assertThat(broken.reason())
                .contains("HTTP " + status));
        assertThat(server.getRequestCount()).as("a redirect is not followed").isEqualTo(1);
    }

    @Test
    final void theWaitThatAReceiverAsksForInSecondsIsHandedOn() throws Exception {
        var answer = new MockResponse.Builder().code(429).addHeader("Retry-After", "7").build();

        assertThat(attempt(answer)).isInstanceOfSatisfying(Delivery.Retry.class, retry -> {
            assertThat(retry.after()).contains(Duration.ofSeconds(7));
            assertThat(retry.mayHaveArrived()).isFalse();
        });
    }

    @Test
    final void theTimeThatAReceiverAsksForIsTakenByItsOwnClock() throws Exception {
        var answer = new MockResponse.Builder()
                .code(503)
                .setHeader("Date", "Fri, 31 Dec 1999 23:59:29 GMT")
                .addHeader("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT")
                .build();

        assertThat(attempt(answer)).isInstanceOfSatisfying(Delivery.Retry.class, retry -> assertThat(retry.after())
                .contains(Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    final void troubleOfTheReceiverIsTriedAgain(int status) throws Exception {
        assertThat(attempt(answer(status, "sorry"))).isInstanceOfSatisfying(Delivery.Retry.class, retry -> {
            assertThat(retry.after()).isEmpty();
            assertThat(retry.reason()).contains("HTTP " + status, "sorry");
            assertThat(retry.mayHaveArrived()).isEqualTo(status == 502 || status == 504);
        });
    }

    @Test
    final void aRefusalInsideASuccessIsNoSuccess() throws Exception {
        for (Map.Entry<String, Class<? extends Delivery>> refusal : refusalsInside200().entrySet()) {
            assertThat(attempt(answer(200, refusal.getKey())))
                    .as(refusal.getKey())
                    .isInstanceOf(refusal.getValue())
                    .isNotInstanceOf(Delivery.Delivered.class);
        }
    }

    @Test
    final void aWaitThatStandsInTheBodyIsHandedOn() throws Exception {
        Optional<MockResponse> asking = waitInTheBody();
        if (asking.isPresent()) {
            assertThat(attempt(asking.get())).isInstanceOfSatisfying(Delivery.Retry.class, retry -> assertThat(retry.after())
                    .contains(Duration.ofSeconds(7)));
        }
    }

    @Test
    final void aHangEndsAtTheTimeOutAndMayHaveArrived() throws Exception {
        server.enqueue(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
        var config = new java.util.HashMap<>(config(server.getPort()));
        config.put("timeout", "300ms");
        try (Channel channel = channel(config)) {
            assertThat(attempt(channel, List.of(AlertSamples.firing("a1")))).isInstanceOfSatisfying(Delivery.Retry.class, retry -> {
                assertThat(retry.reason()).contains("no answer within 300 ms");
                assertThat(retry.mayHaveArrived()).isTrue();
            });
        }
    }

    @Test
    final void anInterruptEndsAHang() throws Exception {
        server.enqueue(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
        var ended = new CompletableFuture<Throwable>();
        try (Channel channel = channel(config(server.getPort()))) {
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    attempt(channel, List.of(AlertSamples.firing("a1")));
                    ended.complete(new AssertionError("it was delivered"));
                } catch (Throwable e) {
                    ended.complete(e);
                }
            });
            assertThat(server.takeRequest(10, TimeUnit.SECONDS)).isNotNull();

            thread.interrupt();

            assertThat(ended.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    final void aClosedPortIsTriedAgainAndSurelyDidNotArrive() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (Channel channel = channel(config(port))) {
            assertThat(attempt(channel, List.of(AlertSamples.firing("a1")))).isInstanceOfSatisfying(Delivery.Retry.class, retry -> {
                assertThat(retry.reason()).contains("refused");
                assertThat(retry.mayHaveArrived()).isFalse();
            });
        }
    }

    @Test
    final void anAnswerLostOnTheWayMayHaveArrived() throws Exception {
        var answer = new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build();

        assertThat(attempt(answer)).isInstanceOfSatisfying(Delivery.Retry.class, retry -> assertThat(retry.mayHaveArrived())
                .isTrue());
        assertThat(server.getRequestCount()).as("nothing is sent twice behind our back").isEqualTo(1);
    }

    @Test
    final void anAnswerWithoutEndIsCutShort() throws Exception {
        assertThat(attempt(answer(500, "x".repeat(5_000_000)))).isInstanceOfSatisfying(Delivery.Retry.class, retry -> assertThat(
                        retry.reason())
                .hasSizeLessThan(500));
    }

    @Test
    final void textsOfAnySizeAndKindAreWithinTheReceiversLimits() throws Exception {
        server.enqueue(accepted());
        String huge = AlertSamples.huge();
        AlertView alert = AlertSamples.with(
                AlertSamples.firing("a1"), dev.gatewatch.probe.Cause.CONTENT_MISMATCH, huge, huge);
        try (Channel channel = channel(config(server.getPort()))) {
            assertThat(attempt(channel, List.of(alert))).isEqualTo(new Delivery.Delivered());
        }
        RecordedRequest request = server.takeRequest();
        byte[] sent = request.getBody().toByteArray();
        assertThat(sent).hasSizeLessThan(64_000);
        assertThat(new String(sent, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))
                .as("clean UTF-8")
                .isEqualTo(sent);
        assertThat(new String(sent, StandardCharsets.UTF_8)).doesNotContain("\\ud83d\"", "\\u0000", "\\u001b");
        assertTakes(body(request), List.of(alert));
    }

    /** Texts of wide characters that begin one byte later each time, so that every way to cut one in the middle comes up. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    final void longTextsAreCutBetweenCharacters(int shift) throws Exception {
        server.enqueue(accepted());
        String wide = "x".repeat(shift) + "支付网关超时😀👩‍💻".repeat(3_000);
        AlertView alert = AlertSamples.with(AlertSamples.firing("a1"), dev.gatewatch.probe.Cause.HTTP_STATUS, wide, wide);
        try (Channel channel = channel(config(server.getPort()))) {
            assertThat(attempt(channel, List.of(alert))).isEqualTo(new Delivery.Delivered());
        }
        RecordedRequest request = server.takeRequest();
        String sent = new String(request.getBody().toByteArray(), StandardCharsets.UTF_8);
        assertThat(sent).contains("支付网关").doesNotContain("\uFFFD", "\\ud8", "\\ude", "\\uD8", "\\uDE");
        assertTakes(body(request), List.of(alert));
    }

    @Test
    final void textsAreInTheChannelsLanguage() throws Exception {
        server.enqueue(accepted());
        var chinese = new Wording(Language.ZH, ZoneId.of("Asia/Shanghai"));
        try (Channel channel = channel(config(server.getPort()), chinese)) {
            assertThat(attempt(channel, List.of(AlertSamples.firing("a1")))).isEqualTo(new Delivery.Delivered());
        }
        RecordedRequest request = server.takeRequest();
        assertThat(new String(request.getBody().toByteArray(), StandardCharsets.UTF_8))
                .contains("返回的 HTTP 状态码不在预期范围内", "11:12:05 UTC+8 起")
                .doesNotContain("Seen from", "Do first", "not among the expected");
        assertTakes(body(request), List.of(AlertSamples.firing("a1")));
    }

    @Test
    final void everyAlertOfALongQueueIsNamedInOneMessageOrAnother() throws Exception {
        List<Notice> queue = IntStream.range(0, 1_000)
                .mapToObj(i -> AlertSamples.notice(
                        i, AlertSamples.firing("a" + i, "shop-checkout-%04d".formatted(i), "expected status 200, got 503")))
                .toList();
        server.setDispatcher(new mockwebserver3.Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return accepted();
            }
        });
        try (Channel channel = channel(config(server.getPort()))) {
            if (!(channel instanceof Channel.Messenger messenger)) {
                return;
            }
            for (int sent = 0; sent < queue.size(); ) {
                List<Notice> next = queue.subList(sent, Math.min(queue.size(), sent + messenger.mostAtOnce()));
                List<Notice> together = next.subList(0, messenger.fitting(next));
                assertThat(messenger.send(together)).isEqualTo(new Delivery.Delivered());
                RecordedRequest request = server.takeRequest();
                String said = new String(request.getBody().toByteArray(), StandardCharsets.UTF_8);
                together.forEach(n -> assertThat(said).contains(n.alert().series().probe()));
                assertTakes(body(request), together.stream().map(Notice::alert).toList());
                sent += together.size();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 400, 403, 404, 429, 500})
    final void noSecretIsInWhatIsTold(int status) throws Exception {
        // a receiver that says back all it was told
        server.setDispatcher(new mockwebserver3.Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer(status, told(request));
            }
        });
        try (Channel channel = channel(config(server.getPort()))) {
            Delivery delivery = attempt(channel, List.of(AlertSamples.firing("a1")));
            assertThat(delivery.toString()).doesNotContain(SECRET, ENCODED);
            assertThat(channel.toString()).doesNotContain(SECRET);
        }
        assertThat(told(server.takeRequest()))
                .as("the secret is used, so that the test means something")
                .containsAnyOf(SECRET, ENCODED);
    }

    private static String told(RecordedRequest request) {
        var text = new StringBuilder();
        request.getHeaders().forEach(header -> text.append(header.getSecond()).append(' '));
        return text.append(request.getUrl()).toString();
    }

    @Test
    final void noSecretIsInAReasonWithoutAnAnswer() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (Channel channel = channel(config(port))) {
            assertThat(attempt(channel, List.of(AlertSamples.firing("a1"))).toString()).doesNotContain(SECRET);
        }
    }

    protected static JsonNode body(RecordedRequest request) {
        return JsonMapper.shared().readTree(request.getBody().toByteArray());
    }
}
