package dev.gatewatch.alerting.channel.ntfy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.ChannelContractTest;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.view.AlertView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class NtfyChannelTest extends ChannelContractTest {
    @Override
    protected ChannelType type() {
        return new NtfyType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of("server", "http://127.0.0.1:" + port, "topic", "t-" + SECRET, "token", "tk_" + SECRET);
    }

    @Override
    protected MockResponse accepted() {
        return answer(200, "{\"id\":\"sPs71M8A2T\",\"event\":\"message\"}");
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of("<html>Please log in</html>", Delivery.Broken.class, "ok", Delivery.Broken.class);
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        assertThat(body.path("message").asString().getBytes(StandardCharsets.UTF_8))
                .as("more would become a file")
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(4_096);
        assertThat(body.path("title").asString()).isNotBlank().hasSizeLessThanOrEqualTo(250);
        assertThat(body.path("priority").asInt()).isBetween(1, 5);
        assertThat(body.path("actions").size()).isLessThanOrEqualTo(3);
        assertThat(body.toString()).contains(alerts.getFirst().series().probe());
    }

    @Test
    void acuteThingsRingAndAClickLeadsToTheRunbook() throws Exception {
        server.enqueue(accepted());
        server.enqueue(accepted());
        try (var channel = channel(config(server.getPort()))) {
            attempt(channel, List.of(AlertSamples.firing("a1")));
            attempt(channel, List.of(AlertSamples.resolved(AlertSamples.firing("a1"))));
        }
        var request = server.takeRequest();
        JsonNode firing = body(request);
        JsonNode resolved = body(server.takeRequest());

        assertThat(request.getUrl().encodedPath()).isEqualTo("/");
        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer tk_" + SECRET);
        assertThat(firing.path("topic").asString()).isEqualTo("t-" + SECRET);
        assertThat(firing.path("title").asString()).isEqualTo("CRITICAL gateway-health@eu: http_status");
        assertThat(firing.path("message").asString()).startsWith("expected status 200, got 503\nSince ").contains("\nDo first: ");
        assertThat(firing.path("priority").asInt()).isEqualTo(5);
        assertThat(firing.path("tags").path(0).asString()).isEqualTo("red_circle");
        assertThat(firing.path("click").asString()).isEqualTo("https://wiki.example.com/gateway?a=1&b=2");
        assertThat(firing.path("actions").valueStream().map(a -> a.path("label").asString()))
                .containsExactly("Runbook", "Alert", "Silence");
        assertThat(resolved.path("priority").asInt()).isEqualTo(3);
        assertThat(resolved.path("tags").path(0).asString()).isEqualTo("white_check_mark");
    }

    @Test
    void aTopicInTheServersAddressIsAMistake() {
        assertThat(problems(Map.of("server", "https://ntfy.example.com/ops", "topic", "ops")))
                .singleElement()
                .asString()
                .contains("the topic stands in its own key");
    }
}
