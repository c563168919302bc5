package dev.gatewatch.alerting.channel.teams;

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

class TeamsChannelTest extends ChannelContractTest {
    @Override
    protected ChannelType type() {
        return new TeamsType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of("webhook_url", "http://127.0.0.1:" + port + "/workflows/" + SECRET + "/triggers/manual/paths/invoke?sig=" + SECRET);
    }

    @Override
    protected MockResponse accepted() {
        return new MockResponse.Builder().code(202).build();
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of(
                "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId tcid=0",
                Delivery.Retry.class,
                "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId tcid=0",
                Delivery.Refused.class,
                "Webhook message delivery failed with error: a task was cancelled", Delivery.Retry.class,
                "<html>Sign in to your account</html>", Delivery.Broken.class);
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        assertThat(body.toString().getBytes(StandardCharsets.UTF_8)).as("28 kB as Teams stores it").hasSizeLessThanOrEqualTo(23_500);
        assertThat(body.path("type").asString()).isEqualTo("message");
        JsonNode attachment = body.path("attachments").path(0);
        assertThat(attachment.path("contentType").asString()).isEqualTo("application/vnd.microsoft.card.adaptive");
        JsonNode card = attachment.path("content");
        assertThat(card.path("type").asString()).isEqualTo("AdaptiveCard");
        assertThat(card.path("body").path(0).path("text").asString()).isNotBlank();
        assertThat(card.path("body").path(1).path("text").asString()).isNotBlank();
        assertThat(card.path("actions").size()).isLessThanOrEqualTo(6);
        assertThat(body.toString()).contains(alerts.getFirst().series().probe());
    }

    @Test
    void theCardHasTheToneAndButtons() throws Exception {
        server.enqueue(accepted());
        try (var channel = channel(config(server.getPort()))) {
            attempt(channel, List.of(AlertSamples.resolved(AlertSamples.firing("a1"))));
        }
        JsonNode card = body(server.takeRequest()).path("attachments").path(0).path("content");

        assertThat(card.path("body").path(0).path("text").asString()).isEqualTo("✅ RESOLVED gateway-health@eu: http_status");
        assertThat(card.path("body").path(0).path("color").asString()).isEqualTo("Good");
        assertThat(card.path("body").path(1).path("text").asString()).contains("\n\nResolved after 4m 10s", "\n\n**Cause**: ");
        assertThat(card.path("actions").valueStream().map(a -> a.path("title").asString() + " " + a.path("url").asString()))
                .containsExactly(
                        "Runbook https://wiki.example.com/gateway?a=1&b=2", "Alert https://watch.example.com/alerts#a-a1");
    }

    @Test
    void aWorkflowThatIsSwitchedOffNeedsAPerson() throws Exception {
        server.enqueue(answer(400, "{\"error\":{\"code\":\"WorkflowTriggerIsNotEnabled\",\"message\":\"...\"}}"));
        try (var channel = channel(config(server.getPort()))) {
            assertThat(attempt(channel, List.of(AlertSamples.firing("a1"))))
                    .isInstanceOfSatisfying(Delivery.Broken.class, b -> assertThat(b.reason()).contains("switched off"));
        }
    }

    @Test
    void whatAConnectorSaysOfSuccessIsSuccess() throws Exception {
        server.enqueue(answer(200, "1"));
        try (var channel = channel(config(server.getPort()))) {
            assertThat(attempt(channel, List.of(AlertSamples.firing("a1")))).isEqualTo(new Delivery.Delivered());
        }
    }
}
