package dev.gatewatch.alerting.channel.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Channel.Messenger;
import dev.gatewatch.alerting.channel.ChannelContractTest;
import dev.gatewatch.alerting.channel.ChannelMemory;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Wording;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.view.AlertView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class SlackBotTest extends ChannelContractTest {
    private static final Notice FIRING = AlertSamples.notice(1, AlertSamples.firing("a1"));
    private static final Notice RESOLVED = AlertSamples.notice(2, AlertSamples.resolved(AlertSamples.firing("a1")));

    private final ChannelMemory memory = ChannelMemory.inMemory();

    @Override
    protected ChannelType type() {
        return new SlackType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of("api_url", "http://127.0.0.1:" + port + "/api", "token", "xoxb-" + SECRET, "channel", "#ops");
    }

    @Override
    protected MockResponse accepted() {
        return answer(200, "{\"ok\":true,\"channel\":\"C123\",\"ts\":\"1699.0001\"}");
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of(
                "{\"ok\":false,\"error\":\"invalid_blocks\"}", Delivery.Refused.class,
                "{\"ok\":false,\"error\":\"not_in_channel\"}", Delivery.Broken.class,
                "{\"ok\":false,\"error\":\"token_revoked\"}", Delivery.Broken.class,
                "{\"ok\":false,\"error\":\"internal_error\"}", Delivery.Retry.class,
                "{\"ok\":false,\"error\":\"ratelimited\"}", Delivery.Retry.class,
                "<html>Please log in</html>", Delivery.Broken.class);
    }

    @Override
    protected Optional<MockResponse> waitInTheBody() {
        return Optional.empty(); // the Web API asks with Retry-After
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        SlackLimits.assertWithin(body);
        assertThat(body.path("channel").asString()).isEqualTo("#ops");
        assertThat(body.path("text").asString()).contains(alerts.getFirst().series().display());
    }

    /** A daemon that is started anew for each message: only the memory stays. */
    private Delivery send(Notice notice) throws InterruptedException {
        try (var channel = (Messenger) channel(
                config(server.getPort()), new Setup("ops", "dc1", PAGE, Wording.DEFAULT, memory))) {
            assertThat(channel.mixesGroups()).isFalse();
            return channel.send(List.of(notice));
        }
    }

    private static String method(RecordedRequest request) {
        return request.getUrl().encodedPath();
    }

    @Test
    void theMessageTurnsGreenWhenTheTroubleIsOverAndTheThreadSaysSo() throws Exception {
        server.enqueue(accepted());
        server.enqueue(accepted());
        server.enqueue(accepted());

        assertThat(send(FIRING)).isEqualTo(new Delivery.Delivered());
        assertThat(send(RESOLVED)).isEqualTo(new Delivery.Delivered());

        RecordedRequest posted = server.takeRequest();
        RecordedRequest updated = server.takeRequest();
        RecordedRequest told = server.takeRequest();
        assertThat(List.of(method(posted), method(updated), method(told)))
                .containsExactly("/api/chat.postMessage", "/api/chat.update", "/api/chat.postMessage");
        assertThat(posted.getHeaders().get("Authorization")).isEqualTo("Bearer xoxb-" + SECRET);
        assertThat(body(updated).path("channel").asString()).as("an update wants the id").isEqualTo("C123");
        assertThat(body(updated).path("ts").asString()).isEqualTo("1699.0001");
        assertThat(body(updated).path("text").asString()).startsWith("✅ RESOLVED gateway-health@eu");
        assertThat(body(told).path("thread_ts").asString()).isEqualTo("1699.0001");
        assertThat(memory.get("a1")).as("what is over is forgotten").isEmpty();
    }

    @Test
    void whatFollowsIsToldInTheThreadAndShownInTheChannel() throws Exception {
        server.enqueue(accepted());
        server.enqueue(accepted());
        send(FIRING);

        send(AlertSamples.told(FIRING, Notice.Kind.REMINDER, ""));

        server.takeRequest();
        JsonNode reminder = body(server.takeRequest());
        assertThat(reminder.path("thread_ts").asString()).isEqualTo("1699.0001");
        assertThat(reminder.path("reply_broadcast").asBoolean()).isTrue();
        assertThat(reminder.path("text").asString()).startsWith("🔴 STILL CRITICAL");
    }

    @Test
    void aGroupTurnsGreenWithItsLastAlertOnly() throws Exception {
        for (int i = 0; i < 4; i++) {
            server.enqueue(accepted());
        }
        send(AlertSamples.inGroup(FIRING, new Notice.Group("g1", "payments", 2)));
        send(AlertSamples.inGroup(RESOLVED, new Notice.Group("g1", "payments", 1)));
        assertThat(memory.get("g1")).isPresent();

        send(AlertSamples.inGroup(RESOLVED, new Notice.Group("g1", "payments", 0)));

        assertThat(method(server.takeRequest())).endsWith("postMessage");
        assertThat(body(server.takeRequest()).path("thread_ts").asString()).isEqualTo("1699.0001");
        assertThat(method(server.takeRequest())).endsWith("chat.update");
    }

    static List<String> gone() {
        return List.of("message_not_found", "cant_update_message", "edit_window_closed");
    }

    @ParameterizedTest
    @MethodSource("gone")
    void aMessageThatCannotBeChangedAnyMoreIsFollowedByAnother(String error) throws Exception {
        server.enqueue(accepted());
        server.enqueue(answer(200, "{\"ok\":false,\"error\":\"" + error + "\"}"));
        server.enqueue(accepted());
        send(FIRING);

        assertThat(send(RESOLVED)).isEqualTo(new Delivery.Delivered());

        server.takeRequest();
        server.takeRequest();
        RecordedRequest last = server.takeRequest();
        assertThat(method(last)).endsWith("chat.postMessage");
        assertThat(body(last).has("thread_ts")).isFalse();
        assertThat(body(last).path("channel").asString()).isEqualTo("#ops");
        assertThat(memory.get("a1")).isEmpty();
    }

    @Test
    void anEndThatIsToldHalfIsToldAgainInFull() throws Exception {
        server.enqueue(accepted());
        server.enqueue(accepted());
        server.enqueue(answer(503, ""));
        server.enqueue(accepted());
        server.enqueue(accepted());
        send(FIRING);

        assertThat(send(RESOLVED)).isInstanceOf(Delivery.Retry.class);
        assertThat(send(RESOLVED)).isEqualTo(new Delivery.Delivered());

        assertThat(server.getRequestCount()).isEqualTo(5);
    }

    @Test
    void oneWayToPostHasToBeChosen() {
        assertThat(problems(Map.of())).anyMatch(p -> p.contains("one of webhook_url (an incoming webhook) and token"));
        assertThat(problems(Map.of("token", "xoxb-1"))).anyMatch(p -> p.contains("token and channel go together"));
        assertThat(problems(Map.of("webhook_url", "https://x.example/y", "token", "xoxb-1", "channel", "#a")))
                .anyMatch(p -> p.contains("two ways to post"));
    }
}
