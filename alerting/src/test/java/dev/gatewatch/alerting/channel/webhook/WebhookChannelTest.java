package dev.gatewatch.alerting.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Channel.Messenger;
import dev.gatewatch.alerting.channel.ChannelContractTest;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.view.AlertView;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class WebhookChannelTest extends ChannelContractTest {
    @Override
    protected ChannelType type() {
        return new WebhookType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of(
                "url", "http://user:" + SECRET + "@127.0.0.1:" + port + "/hook/" + SECRET + "?token=" + SECRET,
                "headers", Map.of("X-Api-Key", SECRET),
                "secret", SECRET);
    }

    @Override
    protected MockResponse accepted() {
        return answer(202, "");
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of(); // nobody knows what stands behind a webhook: its status tells
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        assertThat(body.path("version").asString()).isEqualTo("4");
        assertThat(body.path("alerts").size()).isEqualTo(alerts.size());
        JsonNode alert = body.path("alerts").path(0);
        assertThat(alert.path("labels").path("probe").asString())
                .isEqualTo(alerts.getFirst().series().probe());
        assertThat(alert.path("message").asString()).hasSizeLessThanOrEqualTo(10_000);
        assertThat(alert.path("status").asString())
                .isEqualTo(alerts.getFirst().state().code());
    }

    @Test
    void theBodyIsAlertmanagersWithOurFieldsBesideIt() throws Exception {
        server.enqueue(accepted());
        Notice notice = AlertSamples.repeat(AlertSamples.notice(42, AlertSamples.firing("a1")));
        try (var channel = (Messenger) channel(config(server.getPort()))) {
            channel.send(List.of(notice));
        }
        JsonNode body = body(server.takeRequest());

        assertThat(body.propertyNames())
                .contains("version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels", "commonLabels",
                        "commonAnnotations", "externalURL", "alerts");
        assertThat(body.path("receiver").asString()).isEqualTo("ops");
        JsonNode alert = body.path("alerts").path(0);
        assertThat(alert.path("startsAt").asString()).isEqualTo("2026-03-02T03:12:05Z");
        assertThat(alert.path("endsAt").asString()).isEqualTo("0001-01-01T00:00:00Z");
        assertThat(alert.path("generatorURL").asString())
                .isEqualTo("https://watch.example.com/probes/gateway-health");
        assertThat(alert.path("cause").asString()).isEqualTo("http_status");
        assertThat(alert.path("class").asString()).isEqualTo("request");
        assertThat(alert.path("message").asString()).isEqualTo("expected status 200, got 503");
        assertThat(alert.path("noticeId").asLong()).isEqualTo(42);
        assertThat(alert.path("mayRepeat").asBoolean()).isTrue();
        assertThat(alert.path("labels").path("alertname").asString()).isEqualTo("gateway-down");
    }

    @Test
    void aReceiverCanCheckTheSignature() throws Exception {
        server.enqueue(accepted());
        try (var channel = channel(config(server.getPort()))) {
            attempt(channel, List.of(AlertSamples.firing("a1")));
        }
        RecordedRequest request = server.takeRequest();
        String timestamp = request.getHeaders().get("X-Gatewatch-Timestamp");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        mac.update((timestamp + "." + request.getBody().utf8()).getBytes(StandardCharsets.UTF_8));

        assertThat(timestamp).matches("\\d{10}");
        assertThat(request.getHeaders().get("X-Gatewatch-Signature"))
                .isEqualTo("sha256=" + HexFormat.of().formatHex(mac.doFinal()));
        assertThat(request.getHeaders().get("X-Api-Key")).isEqualTo(SECRET);
        assertThat(request.getHeaders().get("Authorization")).startsWith("Basic ");
    }

    @Test
    void everyAttemptAtANoticeHasTheSameIdempotencyKey() throws Exception {
        server.enqueue(answer(503, ""));
        server.enqueue(accepted());
        server.enqueue(accepted());
        Notice notice = AlertSamples.notice(42, AlertSamples.firing("a1"));
        try (var channel = (Messenger) channel(config(server.getPort()))) {
            channel.send(List.of(notice));
            channel.send(List.of(AlertSamples.repeat(notice)));
            channel.send(List.of(AlertSamples.notice(43, AlertSamples.firing("a1"))));
        }
        String first = server.takeRequest().getHeaders().get("Idempotency-Key");
        String second = server.takeRequest().getHeaders().get("Idempotency-Key");
        String third = server.takeRequest().getHeaders().get("Idempotency-Key");

        assertThat(first).isEqualTo("a1-42").isEqualTo(second).isNotEqualTo(third);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "host", "X-Gatewatch-Signature", "bad header", "Idempotency-Key"})
    void headersOfOurOwnCannotBeSet(String name) {
        assertThat(problems(Map.of("url", "http://127.0.0.1:1/", "headers", Map.of(name, "x"))))
                .singleElement()
                .asString()
                .contains("headers", "a header name");
    }

    @Test
    void aWrongSecretIsNotShownInTheMessageAboutIt() {
        assertThat(problems(Map.of("url", "ftp://" + SECRET + "/", "headers", Map.of("X-Key", SECRET + "\n"))))
                .anyMatch(p -> p.contains("url: expected a URL"))
                .noneMatch(p -> p.contains(SECRET));
    }

    @Test
    void noticesOfAGroupThatWaitTogetherMakeOneRequest() throws Exception {
        server.enqueue(accepted());
        var group = new Notice.Group("g-1", "region eu", 1);
        Notice fires = AlertSamples.inGroup(AlertSamples.notice(1, AlertSamples.firing("a1", "checkout", "got 503")), group);
        Notice over =
                AlertSamples.inGroup(AlertSamples.notice(2, AlertSamples.resolved(AlertSamples.firing("a2", "refund", "got 503"))), group);
        try (var channel = (Messenger) channel(config(server.getPort()))) {
            assertThat(channel.mixesGroups()).isFalse();
            channel.send(List.of(fires, over));
        }
        RecordedRequest request = server.takeRequest();
        JsonNode body = body(request);

        assertThat(body.path("status").asString()).isEqualTo("firing");
        assertThat(body.path("groupKey").asString()).contains("g-1");
        assertThat(body.path("groupTitle").asString()).isEqualTo("region eu");
        assertThat(body.path("alerts").valueStream().map(alert -> alert.path("status").asString()))
                .containsExactly("firing", "resolved");
        assertThat(body.path("commonLabels").path("region").asString()).isEqualTo("eu");
        assertThat(body.path("commonLabels").has("probe")).isFalse();
        assertThat(request.getHeaders().get("Idempotency-Key")).matches("2-[0-9a-f]{32}");
    }

    private Map<String, Object> withBody(Object body) {
        return Map.of("url", "http://127.0.0.1:" + server.getPort(), "method", "put", "body", body);
    }

    @Test
    void aBodyOfOnesOwnIsFilledAndStaysJsonWhateverATargetSays() throws Exception {
        server.enqueue(accepted());
        var own = Map.of(
                "text", "$(title): $(message) $$(as is)",
                "fields", List.of(Map.of("team", "$(labels.team)", "none", "$(labels.none)"), 5, true),
                "runbook", "$(annotations.runbook_url)");
        AlertView alert = AlertSamples.firing("a1", "checkout", "got \"}],\"text\":\"$(labels.team)\nHTTP/1.1");
        try (var channel = (Messenger) channel(withBody(own))) {
            assertThat(channel.send(List.of(AlertSamples.notice(1, alert)))).isEqualTo(new Delivery.Delivered());
        }
        RecordedRequest request = server.takeRequest();
        JsonNode body = body(request);

        assertThat(request.getMethod()).isEqualTo("PUT");
        assertThat(body.path("text").asString())
                .isEqualTo("CRITICAL checkout@eu: http_status: got \"}],\"text\":\"$(labels.team) HTTP/1.1 $(as is)");
        assertThat(body.path("fields").path(0).path("team").asString()).isEqualTo("core");
        assertThat(body.path("fields").path(0).path("none").asString()).isEmpty();
        assertThat(body.path("fields").path(1).asInt()).isEqualTo(5);
        assertThat(body.path("fields").path(2).asBoolean()).isTrue();
        assertThat(body.path("runbook").asString()).isEqualTo("https://wiki.example.com/gateway?a=1&b=2");
    }

    @Test
    void aBodyOfOnesOwnNamesEveryAlertOfAGroup() throws Exception {
        server.enqueue(accepted());
        var notices = java.util.stream.IntStream.range(0, 40)
                .mapToObj(i -> AlertSamples.notice(i, AlertSamples.firing("a" + i, "checkout-" + i, "got 503")))
                .toList();
        try (var channel = (Messenger) channel(withBody(Map.of("summary", "$(title)", "text", "$(text)", "count", "$(count)")))) {
            assertThat(channel.fitting(notices)).isEqualTo(40);
            channel.send(notices);
        }
        JsonNode body = body(server.takeRequest());

        assertThat(body.path("count").asString()).isEqualTo("40");
        notices.forEach(notice -> assertThat(body.path("text").asString()).contains(notice.alert().series().probe()));
    }

    @Test
    void aPlaceThatDoesNotExistIsAMistakeWithASuggestion() {
        assertThat(problems(withBody(Map.of("text", "$(titel)")))).singleElement().asString().contains("there is no $(titel)", "title");
        assertThat(problems(withBody(Map.of("text", "$(title")))).singleElement().asString().contains("has no end");
        assertThat(problems(withBody("just text"))).singleElement().asString().contains("expected a mapping or a list");
    }
}
