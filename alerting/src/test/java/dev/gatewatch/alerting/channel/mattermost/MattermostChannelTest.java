package dev.gatewatch.alerting.channel.mattermost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.ChannelContractTest;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.view.AlertView;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MattermostChannelTest extends ChannelContractTest {
    @Override
    protected ChannelType type() {
        return new MattermostType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of("webhook_url", "http://127.0.0.1:" + port + "/hooks/" + SECRET, "channel", "ops");
    }

    @Override
    protected MockResponse accepted() {
        return answer(200, "ok");
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of("<html>Please log in</html>", Delivery.Broken.class, "{\"status\":\"down\"}", Delivery.Broken.class);
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        assertThat(body.path("text").asString()).isNotBlank().hasSizeLessThanOrEqualTo(1_000);
        assertThat(body.path("channel").asString()).isEqualTo("ops");
        JsonNode attachment = body.path("attachments").path(0);
        assertThat(attachment.path("text").asString())
                .isNotBlank()
                .hasSizeLessThanOrEqualTo(16_383)
                .doesNotContain("@channel", "@all ");
        assertThat(attachment.path("color").asString()).matches("#[0-9A-F]{6}");
        assertThat(body.toString()).contains(alerts.getFirst().series().probe());
    }

    @Test
    void nothingThatATargetSaysCallsEverybody() throws Exception {
        server.enqueue(accepted());
        try (var channel = channel(config(server.getPort()))) {
            attempt(channel, List.of(AlertSamples.firing("a1", "shop_front", "ask @Channel or @all, not @maria or shop@eu")));
        }
        String text = body(server.takeRequest()).path("attachments").path(0).path("text").asString();

        assertThat(text).startsWith("**ask @\u200BChannel or @\u200Ball, not @maria or shop@eu**\n").contains("**Do first**: Look at");
    }
}
