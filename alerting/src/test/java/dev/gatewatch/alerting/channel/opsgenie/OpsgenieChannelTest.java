package dev.gatewatch.alerting.channel.opsgenie;

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
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpsgenieChannelTest extends ChannelContractTest {
    @Override
    protected ChannelType type() {
        return new OpsgenieType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of(
                "url", "http://127.0.0.1:" + port,
                "api_key", SECRET,
                "tags", List.of("payments"),
                "responders", List.of("team:core", "user:ann@example.com"));
    }

    @Override
    protected MockResponse accepted() {
        return answer(202, "{\"result\":\"Request will be processed\",\"took\":0.302,\"requestId\":\"43a29c5c\"}");
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of("<html>Please log in</html>", Delivery.Broken.class, "ok", Delivery.Broken.class);
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        if (body.has("note")) {
            assertThat(body.path("note").asString()).hasSizeLessThanOrEqualTo(25_000);
        } else {
            assertThat(body.path("message").asString()).isNotBlank().hasSizeLessThanOrEqualTo(130);
            assertThat(body.path("alias").asString()).isNotBlank().hasSizeLessThanOrEqualTo(512);
            assertThat(body.path("description").asString()).isNotBlank().hasSizeLessThanOrEqualTo(15_000);
            assertThat(body.path("priority").asString()).matches("P[1-5]");
            assertThat(body.path("entity").asString()).hasSizeLessThanOrEqualTo(512);
            assertThat(body.path("source").asString()).hasSizeLessThanOrEqualTo(100);
            assertThat(body.path("details").toString()).hasSizeLessThanOrEqualTo(9_000);
        }
        assertThat(body.toString()).contains(alerts.getFirst().series().probe());
    }

    @Test
    void anAlertSaysWhatIsBrokenToWhomAndHowUrgentlyItIs() throws Exception {
        RecordedRequest request = sent(AlertSamples.notice(1, AlertSamples.firing("a1")));
        JsonNode body = body(request);

        assertThat(request.getUrl().encodedPath()).isEqualTo("/v2/alerts");
        assertThat(request.getHeaders().get("Authorization")).isEqualTo("GenieKey " + SECRET);
        assertThat(body.path("message").asString())
                .isEqualTo("CRITICAL gateway-health@eu: http_status – expected status 200, got 503");
        assertThat(body.path("alias").asString()).isEqualTo("dc1/a1");
        assertThat(body.path("priority").asString()).isEqualTo("P1");
        assertThat(body.path("tags").path(0).asString()).isEqualTo("payments");
        assertThat(body.path("responders").path(0).path("name").asString()).isEqualTo("core");
        assertThat(body.path("responders").path(1).path("username").asString()).isEqualTo("ann@example.com");
        assertThat(body.path("description").asString()).contains("Do first:", "https://wiki.example.com/gateway?a=1&b=2");
        assertThat(body.path("details").path("team").asString()).isEqualTo("core");
    }

    @Test
    void anAlertIsClosedByItsAliasOnceNothingOfItsGroupFiresAndGetsANoteBefore() throws Exception {
        Notice resolved = AlertSamples.notice(2, AlertSamples.resolved(AlertSamples.firing("a1")));

        RecordedRequest partly = sent(AlertSamples.inGroup(resolved, new Notice.Group("g-1", "probe gateway-health", 1)));
        RecordedRequest wholly = sent(AlertSamples.inGroup(resolved, new Notice.Group("g-1", "probe gateway-health", 0)));

        assertThat(partly.getUrl().encodedPath()).isEqualTo("/v2/alerts/dc1%2Fg-1/notes");
        assertThat(body(partly).path("note").asString()).contains("still fires");
        assertThat(wholly.getUrl().encodedPath()).isEqualTo("/v2/alerts/dc1%2Fg-1/close");
        assertThat(wholly.getUrl().queryParameter("identifierType")).isEqualTo("alias");
        assertThat(body(wholly).path("note").asString()).contains("Resolved after 4m 10s");
    }

    @Test
    void anAlertThatAPersonDeletedNeedsNoClosing() throws Exception {
        server.enqueue(answer(404, "{\"message\":\"Alert does not exist\",\"requestId\":\"1\"}"));
        try (var channel = channel(config(server.getPort()))) {
            assertThat(attempt(channel, List.of(AlertSamples.resolved(AlertSamples.firing("a1")))))
                    .isEqualTo(new Delivery.Delivered());
        }
    }

    @Test
    void prioritiesCanBeChosen() throws Exception {
        var config = new LinkedHashMap<>(config(server.getPort()));
        config.put("priority", Map.of("warning", "P2"));
        server.enqueue(accepted());
        try (var channel = channel(config)) {
            attempt(channel, List.of(AlertSamples.withSeverity(AlertSamples.firing("a1"), Severity.WARNING)));
        }
        assertThat(body(server.takeRequest()).path("priority").asString()).isEqualTo("P2");
    }

    @Test
    void anAddressWithThePathThatIsAddedIsAMistake() {
        assertThat(problems(Map.of("api_key", "k", "url", "https://api.eu.opsgenie.com/v2/alerts")))
                .singleElement()
                .asString()
                .contains("without /v2/alerts");
    }

    private RecordedRequest sent(Notice notice) throws Exception {
        server.enqueue(accepted());
        try (var channel = (Messenger) channel(config(server.getPort()))) {
            assertThat(channel.send(List.of(notice))).isEqualTo(new Delivery.Delivered());
        }
        return server.takeRequest();
    }
}
