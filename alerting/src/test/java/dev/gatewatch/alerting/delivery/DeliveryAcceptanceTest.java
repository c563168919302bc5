package dev.gatewatch.alerting.delivery;

import static dev.gatewatch.alerting.channel.support.AlertSamples.firing;
import static dev.gatewatch.alerting.channel.support.AlertSamples.resolved;
import static dev.gatewatch.alerting.channel.support.AlertSamples.withLabels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.Channel.Messenger;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.alertmanager.AlertmanagerType;
import dev.gatewatch.alerting.channel.dingtalk.DingtalkType;
import dev.gatewatch.alerting.channel.feishu.FeishuType;
import dev.gatewatch.alerting.channel.pagerduty.PagerdutyType;
import dev.gatewatch.alerting.channel.slack.SlackType;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.alerting.channel.webhook.WebhookType;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.NoticeView.Attempt;
import dev.gatewatch.view.NoticeView.Outcome;
import dev.gatewatch.view.NoticeView.State;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an operator would try on delivery first, with the numbers of the list in {@code docs/acceptance.md}: real channels, real sockets,
 * and time that passes when a test says so.
 */
@Timeout(60)
class DeliveryAcceptanceTest {
    private static final Optional<URI> PAGE = Optional.of(URI.create("https://watch.example.com"));

    @TempDir
    Path folder;

    private final MockWebServer sink = new MockWebServer();
    private LaneKit kit;

    @BeforeEach
    void open() throws Exception {
        sink.start();
        kit = new LaneKit(folder);
    }

    @AfterEach
    void close() {
        kit.close();
        sink.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + sink.getPort() + path;
    }

    private static Channel channel(ChannelType type, Map<String, Object> config) {
        return type.create(Sections.of(type.keys(), config), new Setup("ops", "dc1", PAGE));
    }

    private MessengerLane lane(String name, ChannelType type, Map<String, Object> config) {
        return kit.lane(name, (Messenger) channel(type, config), Optional.empty());
    }

    private static MockResponse answer(int code, String body) {
        return new MockResponse.Builder().code(code).body(body).build();
    }

    private static JsonNode body(RecordedRequest request) {
        return JsonMapper.shared().readTree(request.getBody().toByteArray());
    }

    /** Answers each request with what {@code answer} makes of it, and keeps their bodies. */
    private List<JsonNode> answering(MockWebServer server, Function<RecordedRequest, MockResponse> answer) {
        var bodies = new CopyOnWriteArrayList<JsonNode>();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                bodies.add(body(request));
                return answer.apply(request);
            }
        });
        return bodies;
    }

    /** Case 93: of two Alertmanagers one hangs; the other gets everything on time. */
    @Test
    void oneAlertmanagerHangsAndTheOtherGetsEverything() throws Exception {
        try (var hanging = new MockWebServer()) {
            hanging.setDispatcher(new Dispatcher() {
                @Override
                public MockResponse dispatch(RecordedRequest request) {
                    return new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();
                }
            });
            hanging.start();
            List<JsonNode> taken = answering(sink, _ -> answer(200, ""));
            Channel channel = channel(
                    new AlertmanagerType(), Map.of("urls", List.of("http://127.0.0.1:" + hanging.getPort(), url("")), "timeout", "30s"));
            try (var deliveries = new Deliveries(kit.store, DeliveryMetrics.NONE, TimeSource.system(), new LongestDraw(), Duration.ZERO, "dc1")) {
                deliveries.reconfigure(List.of(new NamedChannel("am", "alertmanager", channel)));
                var alerts = new ArrayList<AlertView>();
                for (int i = 0; i < 10; i++) {
                    alerts.add(firing("a" + i, "p" + i, "status 503"));
                    deliveries.committed(Map.of("am", List.copyOf(alerts)), Instant.now());
                    String probe = "p" + i;
                    await().until(() -> taken.stream().anyMatch(batch -> batch.toString().contains("\"probe\":\"" + probe + "\"")));
                }
                assertThat(hanging.getRequestCount()).as("it hangs at the very first still").isEqualTo(1);
                assertThat(deliveries.views().getLast().delivered()).isEqualTo(10);
            }
        }
    }

    /** Case 94: Alertmanager stores the good alerts of a batch and answers 400 for the bad one, which alone is left out and counted. */
    @Test
    void oneBadLabelCostsThatAlertOnly() throws Exception {
        List<JsonNode> requests = answering(
                sink,
                request -> body(request).valueStream().anyMatch(a -> a.path("labels").has("not-a-name"))
                        ? answer(400, "\"invalid label set\"")
                        : answer(200, ""));
        var outcomes = new ArrayList<String>();
        Channel.Mirror mirror = (Channel.Mirror) channel(new AlertmanagerType(), Map.of("urls", List.of(url(""))));
        var lane = new PeerLane(
                new NamedChannel("am", "alertmanager", mirror),
                mirror,
                0,
                kit.time,
                Backoff.of(new LongestDraw()),
                (channel, peer, outcome, alerts, took) -> outcomes.add(outcome.code()));
        var alerts = new ArrayList<>(IntStream.range(0, 16).mapToObj(i -> now("a" + i, "p" + i)).toList());
        alerts.set(5, withLabels(alerts.get(5), Map.of("not-a-name", "x")));

        lane.show(alerts);
        lane.step();

        assertThat(lane.view().dead()).isEqualTo(1);
        assertThat(lane.view().delivered()).isEqualTo(15);
        assertThat(outcomes).contains("refused", "delivered");
        int search = requests.size();
        for (int minute = 0; minute < 30; minute++) {
            kit.time.pass(lane.step());
        }
        assertThat(requests.subList(search, requests.size())).as("a refresh a minute, of the good ones").hasSizeBetween(29, 31).allSatisfy(batch -> {
            assertThat(batch).hasSize(15);
            assertThat(batch.toString()).doesNotContain("not-a-name");
        });
    }

    private AlertView now(String id, String probe) {
        return AlertSamples.withTimes(
                firing(id, probe, "status 503"), kit.time.now().minusSeconds(30), Optional.empty());
    }

    /**
     * Case 96: 500 is tried again after a backoff, 429 with Retry-After 7 after seven seconds or more; 403 says that the channel is broken,
     * which another channel is told of.
     */
    @Test
    void aReceiverThatFailsThenThrottlesThenForbids() throws Exception {
        List<JsonNode> requests = answering(sink, request -> switch (sink.getRequestCount()) {
            case 1 -> answer(500, "");
            case 2 -> new MockResponse.Builder().code(429).addHeader("Retry-After", "7").build();
            default -> answer(403, "key revoked");
        });
        MessengerLane hook = lane("ops", new WebhookType(), Map.of("url", url("/hook")));
        kit.write("g", 1, firing("a1"));

        Duration backoff = kit.settle(hook);
        assertThat(backoff).isBetween(Duration.ofMillis(100), Duration.ofSeconds(1));
        kit.time.pass(backoff);
        Duration asked = kit.settle(hook);
        assertThat(asked).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
        kit.time.pass(asked.minusMillis(1));
        kit.settle(hook);
        assertThat(requests).as("not a millisecond early").hasSize(2);
        kit.time.pass(Duration.ofMillis(1));
        kit.settle(hook);

        assertThat(requests).hasSize(3);
        assertThat(hook.view().lastError()).contains("HTTP 403", "key revoked");
        assertThat(hook.health()).isInstanceOfSatisfying(Health.Trouble.class, trouble -> assertThat(trouble.broken()).isTrue());
        assertThat(Logs.all(kit.outbox::find).getFirst().log())
                .extracting(Attempt::outcome)
                .containsExactly(Outcome.RETRY, Outcome.RETRY, Outcome.BROKEN);
        // what waits for a person is not lost: it is tried every five minutes, should somebody have mended it
        assertThat(kit.settle(hook)).isEqualTo(MessengerLane.BROKEN_PAUSE);

        var troubles = new Troubles(kit.store, kit.outbox, "dc1");
        assertThat(troubles.look(new Troubles.Lane("ops", ""), hook.health(), List.of("ops", "chat"), kit.time.now())).containsExactly("chat");
        try (var room = new MockWebServer()) {
            room.start();
            List<JsonNode> told = answering(room, _ -> answer(200, "ok"));
            kit.drain(lane("chat", new SlackType(), Map.of("webhook_url", "http://127.0.0.1:" + room.getPort() + "/x")));
            assertThat(told).singleElement().satisfies(message -> assertThat(message.toString())
                    .contains("channel_broken", "channel ops is broken and needs a person; 1 notice waits", "HTTP 403"));
        }
    }

    /** Case 97: thirty alerts within a second reach Slack in at most one message a second, all of them named. */
    @Test
    void thirtyAlertsInASecondAreADigestThatNamesAll() throws Exception {
        var sentAt = new ArrayList<Instant>();
        List<JsonNode> messages = answering(sink, _ -> {
            sentAt.add(kit.time.now());
            return answer(200, "ok");
        });
        MessengerLane slack = lane("ops", new SlackType(), Map.of("webhook_url", url("/services/T/B/x")));

        for (int i = 0; i < 30; i++) {
            kit.write("g" + i, 1, firing("a" + i, "probe-" + i, "expected status 200, got 503"));
            kit.settle(slack);
            kit.time.pass(Duration.ofMillis(33));
        }
        kit.drain(slack);

        assertThat(messages).hasSize(2);
        for (int i = 1; i < sentAt.size(); i++) {
            assertThat(Duration.between(sentAt.get(i - 1), sentAt.get(i))).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
        String all = messages.toString();
        assertThat(IntStream.range(0, 30).filter(i -> !all.matches("(?s).*\\bprobe-" + i + "\\b.*")).boxed().toList()).as("not named").isEmpty();
        assertThat(messages.getLast().toString()).contains("29");
    }

    /** Case 99: a text of 100 kB with emoji and markup stays within Slack's limits, cut between characters and escaped. */
    @Test
    void aHugeTextFitsAndIsEscaped() throws Exception {
        List<JsonNode> messages = answering(sink, _ -> answer(200, "ok"));
        String text = "<b>&amp;😀👩‍💻 支付网关 <!channel> ".repeat(3_000);
        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeGreaterThan(100_000);
        AlertView alert = AlertSamples.with(firing("a1"), Cause.CONTENT_MISMATCH, text, text);
        kit.write("g", 1, alert);

        kit.drain(lane("ops", new SlackType(), Map.of("webhook_url", url("/services/T/B/x"))));

        String sent = messages.getFirst().toString();
        assertThat(sent.length()).isLessThan(40_000);
        assertThat(sent).contains("&lt;b&gt;&amp;amp;😀👩‍💻 支付网关 &lt;!channel&gt;", "…").doesNotContain("<!channel>", "<b>", "\uFFFD", "\\ud83d\"");
        assertThat(kit.states()).containsExactly(State.SENT);
    }

    /** Case 100: sinks that check signatures as DingTalk and Feishu do, with milliseconds and with seconds; a code inside 200 is a refusal. */
    @Test
    void robotsThatCheckSignaturesTakeOursAndOnlyOurs() throws Exception {
        long now = System.currentTimeMillis();
        answering(sink, request -> {
            boolean right = request.getUrl().encodedPath().startsWith("/robot") ? isFromDingtalkClient(request, now) : isFromFeishuClient(request, now);
            return answer(200, right ? "{\"errcode\":0,\"code\":0}" : "{\"errcode\":310000,\"errmsg\":\"sign not match\",\"code\":19021,\"msg\":\"sign match fail\"}");
        });
        for (String secret : List.of("SECright", "SECwrong")) {
            Map<ChannelType, Map<String, Object>> robots = Map.of(
                    new DingtalkType(), Map.of("webhook_url", url("/robot/send?access_token=t"), "secret", secret),
                    new FeishuType(), Map.of("webhook_url", url("/open-apis/bot/v2/hook/x"), "secret", secret));
            robots.forEach((type, config) -> {
                try (var robot = (Messenger) channel(type, config)) {
                    Delivery delivery = robot.send(List.of(AlertSamples.notice(1, firing("a1"))));
                    assertThat(delivery)
                            .as(type.name() + " with " + secret)
                            .isInstanceOf(secret.equals("SECright") ? Delivery.Delivered.class : Delivery.Broken.class);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        assertThat(sink.getRequestCount()).isEqualTo(4);
    }

    /** Key: the secret; text: milliseconds, line break, secret; not older than an hour. */
    private static boolean isFromDingtalkClient(RecordedRequest request, long now) {
        String millis = String.valueOf(request.getUrl().queryParameter("timestamp"));
        return Math.abs(Long.parseLong(millis) - now) < 3_600_000
                && hmac("SECright", millis + "\n" + "SECright").equals(request.getUrl().queryParameter("sign"));
    }

    /** Key: seconds, line break, secret; nothing is signed; not older than an hour. */
    private static boolean isFromFeishuClient(RecordedRequest request, long now) {
        JsonNode body = body(request);
        String seconds = body.path("timestamp").asString();
        return Math.abs(Long.parseLong(seconds) * 1_000 - now) < 3_600_000
                && hmac(seconds + "\n" + "SECright", "").equals(body.path("sign").asString());
    }

    private static String hmac(String key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Case 102: trigger and resolve bear the same key; details of 513 kB give way, and the event goes all the same. */
    @Test
    void pagerdutyClosesWhatItOpenedAndTakesEventsOfAnySize() throws Exception {
        List<JsonNode> events = answering(sink, request -> request.getBody().size() > 512_000
                ? answer(400, "{\"status\":\"invalid event\",\"errors\":[\"event exceeds 512KB\"]}")
                : answer(202, "{\"status\":\"success\",\"dedup_key\":\"x\"}"));
        MessengerLane pager = lane("ops", new PagerdutyType(), Map.of("url", url("/v2/enqueue"), "routing_key", "R".repeat(32)));
        Map<String, String> details = IntStream.range(0, 513).boxed().collect(Collectors.toMap(i -> "dump" + i, _ -> "x".repeat(1_000)));
        AlertView alert = withLabels(firing("a1"), details);
        kit.write("g-1", 1, alert);
        kit.drain(pager);
        kit.write("g-1", 0, resolved(alert));
        kit.drain(pager);

        assertThat(events).hasSize(2);
        assertThat(events.stream().map(e -> e.path("event_action").asString())).containsExactly("trigger", "resolve");
        assertThat(events.stream().map(e -> e.path("dedup_key").asString())).containsOnly("dc1/g-1");
        assertThat(events.getFirst().path("payload").path("summary").asString()).contains("gateway-health@eu", "expected status 200, got 503");
        assertThat(events.getFirst().path("payload").path("custom_details").toString()).contains("512 kB").doesNotContain("xxxx");
        assertThat(kit.states()).containsExactly(State.SENT, State.SENT);
    }

    /** Case 103: a resolve that comes while its firing notice still waits goes after it, or neither goes. */
    @Test
    void aResolveNeverGoesAlone() throws Exception {
        List<JsonNode> requests = answering(sink, request -> sink.getRequestCount() <= 2 ? answer(503, "") : answer(200, ""));
        MessengerLane hook = lane("ops", new WebhookType(), Map.of("url", url("/hook")));
        AlertView alert = firing("a1");
        kit.write("g", 1, alert);
        kit.settle(hook);
        kit.write("g", 0, resolved(alert));

        kit.drain(hook);

        List<String> arrived = requests.subList(2, requests.size()).stream()
                .flatMap(r -> r.path("alerts").valueStream())
                .map(a -> a.path("status").asString())
                .toList();
        assertThat(arrived).containsExactly("firing", "resolved");
        assertThat(kit.states()).containsExactly(State.SENT, State.SENT);

        answering(sink, request -> answer(body(request).toString().contains("\"firing\"") ? 400 : 200, ""));
        AlertView refused = firing("a2");
        kit.write("h", 1, refused);
        kit.write("h", 0, resolved(refused));
        kit.drain(hook);
        assertThat(kit.states()).containsExactly(State.SENT, State.SENT, State.DEAD, State.DEAD);
        assertThat(Logs.all(kit.outbox::find).getFirst().lastError()).contains("its end is not told either");
    }

    /** Case 105: a reload while a notice is tried again keeps it for a channel that stays; a removed channel's are given up and told of. */
    @Test
    void aReloadDuringARetryKeepsWhatWaits() {
        answering(sink, _ -> answer(503, ""));
        var log = logOf(Deliveries.class);
        try (var deliveries = new Deliveries(kit.store, DeliveryMetrics.NONE, TimeSource.system(), new LongestDraw(), Duration.ZERO, "dc1")) {
            deliveries.reconfigure(List.of(hook("stays"), hook("goes")));
            kit.writeTo("stays", "g", 1, firing("a1"));
            kit.writeTo("goes", "g", 1, firing("a1"));
            deliveries.reconfigure(List.of(hook("stays"), hook("goes"))); // other objects of the same configuration, as after a reload
            await().until(() -> sink.getRequestCount() >= 2);

            List<JsonNode> after = answering(sink, _ -> answer(200, ""));
            deliveries.reconfigure(List.of(hook("stays")));

            await().until(() -> Logs.of(deliveries::find, "stays").getFirst().state() == State.SENT);
            assertThat(after).isNotEmpty();
            assertThat(Logs.of(deliveries::find, "goes"))
                    .singleElement()
                    .matches(n -> n.state() == State.DEAD && n.lastError().equals("its channel is no longer configured"));
            assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).contains("Gave up 1 waiting notices for channel goes, which is no longer configured");
        }
    }

    private NamedChannel hook(String name) {
        return new NamedChannel(name, "webhook", channel(new WebhookType(), Map.of("url", url("/" + name))));
    }

    /** Case 106: with fifty queued at the end, what can be delivered within the grace is; the rest is kept, and how much that is is told. */
    @Test
    void fiftyQueuedAtTheEndAreDeliveredOrKeptAndCounted() {
        var log = logOf(Deliveries.class);
        IntStream.range(0, 50).forEach(i -> kit.writeTo("stays", "g" + i, 1, firing("a" + i, "p" + i, "status 503")));
        answering(sink, _ -> new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
        var hanging = new Deliveries(kit.store, DeliveryMetrics.NONE, TimeSource.system(), new LongestDraw(), Duration.ofMillis(200), "dc1");
        hanging.reconfigure(List.of(hook("stays")));
        await().until(() -> sink.getRequestCount() == 1);
        hanging.close();

        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).contains("50 notices were not delivered yet; they are kept for the next start");
        log.list.clear();
        List<JsonNode> requests = answering(sink, _ -> answer(200, ""));
        var next = new Deliveries(kit.store, DeliveryMetrics.NONE, TimeSource.system(), new LongestDraw(), Duration.ofSeconds(30), "dc1");
        next.reconfigure(List.of(hook("stays")));
        next.close();

        assertThat(requests.stream().flatMap(r -> r.path("alerts").valueStream()).map(a -> a.path("labels").path("probe").asString()))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 50).mapToObj(i -> "p" + i).toList());
        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).contains("All notices are delivered");
    }

    private static ListAppender<ILoggingEvent> logOf(Class<?> type) {
        var appender = new ListAppender<ILoggingEvent>();
        appender.start();
        Logger logger = (Logger) LoggerFactory.getLogger(type);
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
        return appender;
    }
}
