package dev.gatewatch.alerting.channel.discord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.ChannelContractTest;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.view.AlertView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class DiscordChannelTest extends ChannelContractTest {
    @Override
    protected ChannelType type() {
        return new DiscordType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of("webhook_url", "http://127.0.0.1:" + port + "/api/webhooks/1/" + SECRET);
    }

    @Override
    protected MockResponse accepted() {
        return answer(200, "{\"id\":\"123456789\",\"type\":0}");
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of("<html>Please log in</html>", Delivery.Broken.class, "{\"message\":\"hello\"}", Delivery.Broken.class);
    }

    @Override
    protected Optional<MockResponse> waitInTheBody() {
        return Optional.of(answer(429, "{\"message\":\"You are being rate limited.\",\"retry_after\":7.0,\"global\":false}"));
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        assertThat(body.path("content").asString()).isNotBlank().hasSizeLessThanOrEqualTo(2_000);
        assertThat(body.path("allowed_mentions").path("parse").isEmpty()).as("nobody is called").isTrue();
        assertThat(body.path("embeds").size()).isEqualTo(1);
        JsonNode embed = body.path("embeds").path(0);
        assertThat(embed.path("description").asString()).isNotBlank().hasSizeLessThanOrEqualTo(4_096);
        assertThat(embed.path("color").asInt()).isBetween(0, 0xFF_FFFF);
        assertThat(body.toString()).contains(alerts.getFirst().series().probe());
    }

    @Test
    void theTitleIsTheContentSoThatPhonesShowIt() throws Exception {
        server.enqueue(accepted());
        try (var channel = channel(config(server.getPort()))) {
            attempt(channel, List.of(AlertSamples.firing("a1", "shop_front", "*all* is [lost] @everyone")));
        }
        var request = server.takeRequest();
        JsonNode body = body(request);

        assertThat(request.getUrl().queryParameter("wait")).as("so that a refusal is seen").isEqualTo("true");
        assertThat(body.path("content").asString()).isEqualTo("🔴 **CRITICAL shop\\_front@eu: http\\_status**");
        assertThat(body.path("embeds").path(0).path("description").asString())
                .startsWith("**\\*all\\* is \\[lost\\] @everyone**\nSince ")
                .contains("**Cause**: The HTTP status is not", "**Evidence**: `body: {\"error\":\"upstream\"}`",
                        "[Runbook](https://wiki.example.com/gateway?a=1&b=2)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = (char) 124,
            quoteCharacter = (char) 96,
            value = {
                "204 | `` | Delivered",
                "400 | {\"code\":50035,\"message\":\"Invalid Form Body\"} | Refused",
                "401 | {\"code\":50027,\"message\":\"Invalid Webhook Token\"} | Broken",
                "404 | {\"code\":10015,\"message\":\"Unknown Webhook\"} | Broken",
                "429 | error code: 1015 | Retry",
            })
    void answersMeanWhatDiscordMeans(int status, String body, String verdict) throws Exception {
        server.enqueue(answer(status, status == 204 ? "" : body));
        try (var channel = channel(config(server.getPort()))) {
            assertThat(attempt(channel, List.of(AlertSamples.firing("a1"))).getClass().getSimpleName()).isEqualTo(verdict);
        }
    }
}
