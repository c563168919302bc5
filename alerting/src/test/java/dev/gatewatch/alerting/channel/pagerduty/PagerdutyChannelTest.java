package dev.gatewatch.alerting.channel.pagerduty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Channel.Messenger;
import dev.gatewatch.alerting.channel.ChannelContractTest;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PagerdutyChannelTest extends ChannelContractTest {
    private static final String KEY = "R0123456789ABC-" + SECRET;

    @Override
    protected ChannelType type() {
        return new PagerdutyType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of(
                "url", "http://user:" + SECRET + "@127.0.0.1:" + port + "/" + SECRET + "/v2/enqueue", "routing_key", KEY);
    }

    @Override
    protected MockResponse accepted() {
        return answer(202, "{\"status\":\"success\",\"message\":\"Event processed\",\"dedup_key\":\"x\"}");
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of(
                "<html>Please log in</html>", Delivery.Broken.class,
                "{\"status\":\"invalid event\",\"errors\":[\"'payload' is missing\"]}", Delivery.Refused.class);
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        assertThat(body.path("routing_key").asString()).hasSize(32);
        assertThat(body.path("event_action").asString()).isIn("trigger", "resolve");
        assertThat(body.path("dedup_key").asString()).isNotBlank().hasSizeLessThanOrEqualTo(255);
        JsonNode payload = body.path("payload");
        assertThat(payload.path("summary").asString()).isNotBlank().hasSizeLessThanOrEqualTo(1_024);
        assertThat(payload.path("source").asString()).isNotBlank();
        assertThat(payload.path("severity").asString()).isIn("critical", "error", "warning", "info");
        assertThat(body.toString()).hasSizeLessThan(512_000).contains(alerts.getFirst().series().probe());
    }

    @Test
    void anIncidentSaysWhatIsBrokenAndLeadsToTheRunbook() throws Exception {
        JsonNode body = sent(AlertSamples.notice(1, AlertSamples.firing("a1")));
        JsonNode payload = body.path("payload");

        assertThat(body.path("event_action").asString()).isEqualTo("trigger");
        assertThat(body.path("dedup_key").asString()).isEqualTo("dc1/a1");
        assertThat(payload.path("summary").asString())
                .isEqualTo("CRITICAL gateway-health@eu: http_status – expected status 200, got 503");
        assertThat(payload.path("source").asString()).isEqualTo("https://eu.gateway.example.com/health");
        assertThat(payload.path("component").asString()).isEqualTo("gateway-health");
        assertThat(payload.path("group").asString()).isEqualTo("eu");
        assertThat(payload.path("class").asString()).isEqualTo("http_status");
        assertThat(payload.path("timestamp").asString()).isEqualTo("2026-03-02T03:12:05Z");
        assertThat(payload.path("custom_details").path("message").asString()).contains("Do first:", "Evidence:");
        assertThat(payload.path("custom_details").path("team").asString()).isEqualTo("core");
        assertThat(body.path("links").path(0).path("href").asString()).isEqualTo("https://wiki.example.com/gateway?a=1&b=2");
        assertThat(body.path("client_url").asString()).isEqualTo("https://watch.example.com/alerts#a-a1");
    }

    @Test
    void anIncidentIsResolvedOnlyOnceNothingOfItsGroupFires() throws Exception {
        Notice resolved = AlertSamples.notice(2, AlertSamples.resolved(AlertSamples.firing("a1")));

        JsonNode partly = sent(AlertSamples.inGroup(resolved, new Notice.Group("g-1", "probe gateway-health", 1)));
        JsonNode wholly = sent(AlertSamples.inGroup(resolved, new Notice.Group("g-1", "probe gateway-health", 0)));

        assertThat(partly.path("event_action").asString()).isEqualTo("trigger");
        assertThat(partly.path("payload").path("custom_details").path("message").asString()).contains("still fires");
        assertThat(wholly.path("event_action").asString()).isEqualTo("resolve");
        assertThat(wholly.path("dedup_key")).isEqualTo(partly.path("dedup_key"));
        assertThat(wholly.path("dedup_key").asString()).isEqualTo("dc1/g-1");
    }

    @Test
    void anEventIsAsLoudAsTheLoudestAlertThatFires() throws Exception {
        var group = new Notice.Group("g-1", "", 2);
        Notice warning = AlertSamples.inGroup(
                AlertSamples.notice(1, AlertSamples.withSeverity(AlertSamples.firing("a1"), Severity.WARNING)), group);
        Notice info =
                AlertSamples.inGroup(AlertSamples.notice(2, AlertSamples.withSeverity(AlertSamples.firing("a2"), Severity.INFO)), group);
        Notice over = AlertSamples.inGroup(AlertSamples.notice(3, AlertSamples.resolved(AlertSamples.firing("a3"))), group);

        assertThat(sent(warning, info, over).path("payload").path("severity").asString()).isEqualTo("warning");
    }

    @Test
    void detailsThatWouldMakeTheEventTooLargeGiveWayToANote() throws Exception {
        var labels = new LinkedHashMap<String, String>();
        for (int i = 0; i < 600; i++) {
            labels.put("label" + i, "x".repeat(1_000));
        }
        JsonNode body = sent(AlertSamples.notice(1, AlertSamples.withLabels(AlertSamples.firing("a1"), labels)));

        assertThat(body.path("payload").path("custom_details").path("error").asString()).contains("512 kB");
        assertThat(body.path("payload").path("summary").asString()).contains("expected status 200, got 503");
    }

    @Test
    void aKeyThatPagerDutyDoesNotKnowNeedsAPerson() throws Exception {
        server.enqueue(answer(400, "{\"status\":\"invalid event\",\"errors\":[\"Invalid routing key\"]}"));
        try (var channel = channel(config(server.getPort()))) {
            assertThat(attempt(channel, List.of(AlertSamples.firing("a1")))).isInstanceOf(Delivery.Broken.class);
        }
    }

    @Test
    void aKeyOfTheWrongLengthIsAMistakeThatIsToldWithoutTheKey() {
        assertThat(problems(Map.of("routing_key", SECRET)))
                .singleElement()
                .asString()
                .contains("32 characters, this has 17")
                .doesNotContain(SECRET);
    }

    private JsonNode sent(Notice... notices) throws Exception {
        server.enqueue(accepted());
        try (var channel = (Messenger) channel(config(server.getPort()))) {
            assertThat(channel.mixesGroups()).isFalse();
            assertThat(channel.send(List.of(notices))).isEqualTo(new Delivery.Delivered());
        }
        return body(server.takeRequest());
    }
}
