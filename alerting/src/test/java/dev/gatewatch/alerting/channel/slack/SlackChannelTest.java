package dev.gatewatch.alerting.channel.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Channel.Messenger;
import dev.gatewatch.alerting.channel.ChannelContractTest;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.view.AlertView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SlackChannelTest extends ChannelContractTest {
    @Override
    protected ChannelType type() {
        return new SlackType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of("webhook_url", "http://127.0.0.1:" + port + "/services/T0/B0/" + SECRET);
    }

    @Override
    protected MockResponse accepted() {
        return answer(200, "ok");
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of(
                "invalid_payload", Delivery.Refused.class,
                "{\"ok\":false,\"error\":\"channel_not_found\"}", Delivery.Broken.class,
                "{\"ok\":false,\"error\":\"ratelimited\"}", Delivery.Retry.class,
                "<html>Please log in</html>", Delivery.Broken.class);
    }

    @Override
    protected Optional<MockResponse> waitInTheBody() {
        return Optional.of(answer(429, "{\"retry_after\":7,\"ok\":false,\"error\":\"rate_limited\"}"));
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        SlackLimits.assertWithin(body);
        assertThat(body.path("text").asString()).contains(alerts.getFirst().series().display());
    }

    @Test
    void itSpacesMessagesByASecond() {
        try (var channel = (Messenger) channel(config(1))) {
            assertThat(channel.spacing()).isEqualTo(Duration.ofSeconds(1));
            assertThat(channel.mostAtOnce()).isGreaterThanOrEqualTo(30);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200 | ok                                                        | Delivered",
                "200 | {\"ok\":true}                                             | Delivered",
                "200 | {\"ok\":false,\"error\":\"invalid_blocks\"}               | Refused",
                "200 | invalid_payload                                           | Refused",
                "200 | {\"ok\":false,\"error\":\"channel_not_found\"}            | Broken",
                "200 | {\"ok\":false,\"error\":\"ratelimited\"}                  | Retry",
                "200 | <html>Please log in to the network</html>                 | Broken",
                "200 | ``                                                        | Broken",
                "400 | invalid_blocks                                            | Refused",
                "400 | user_not_found                                            | Broken",
                "400 | no_active_hooks                                           | Broken",
                "403 | invalid_token                                             | Broken",
                "403 | action_prohibited                                         | Broken",
                "404 | no_service                                                | Broken",
                "410 | channel_is_archived                                       | Broken",
                "429 | {\"retry_after\":7,\"ok\":false,\"error\":\"rate_limited\"} | Retry",
                "500 | rollup_error                                              | Retry",
            })
    void statusAndWordTogetherTellWhatBecameOfTheMessage(int status, String body, String verdict) throws Exception {
        server.enqueue(answer(status, body));
        try (var channel = channel(config(server.getPort()))) {
            Delivery delivery = attempt(channel, List.of(AlertSamples.firing("a1")));
            assertThat(delivery.getClass().getSimpleName()).as(delivery.toString()).isEqualTo(verdict);
        }
    }

    @Test
    void theWaitMayStandInTheBody() throws Exception {
        server.enqueue(answer(429, "{\"retry_after\":7.5,\"ok\":false,\"error\":\"rate_limited\"}"));
        try (var channel = channel(config(server.getPort()))) {
            assertThat(attempt(channel, List.of(AlertSamples.firing("a1"))))
                    .isInstanceOfSatisfying(Delivery.Retry.class, retry -> assertThat(retry.after())
                            .contains(Duration.ofMillis(7_500)));
        }
    }
}
