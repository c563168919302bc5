package dev.gatewatch.alerting.channel.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Channel.Mirror;
import dev.gatewatch.alerting.channel.ChannelContractTest;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AlertmanagerChannelTest extends ChannelContractTest {
    private static final Instant NOW = AlertSamples.START.plusSeconds(60);

    @Override
    protected ChannelType type() {
        return new AlertmanagerType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of(
                "urls", List.of("http://user:" + SECRET + "@127.0.0.1:" + port),
                "labels", Map.of("cluster", "prod", "severity", "ignored"));
    }

    @Override
    protected MockResponse accepted() {
        return answer(200, "");
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of();
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        assertThat(body.isArray()).isTrue();
        assertThat(body.size()).isEqualTo(alerts.size());
        for (JsonNode alert : body) {
            alert.path("labels").properties().forEach(label -> {
                assertThat(label.getKey()).matches("[a-zA-Z_][a-zA-Z0-9_]*");
                assertThat(label.getValue().asString()).isNotEmpty().hasSizeLessThanOrEqualTo(1_024);
            });
            alert.path("annotations").properties().forEach(annotation -> assertThat(
                            annotation.getValue().asString())
                    .hasSizeLessThanOrEqualTo(4_096));
            assertThat(Instant.parse(alert.path("endsAt").asString()))
                    .isAfterOrEqualTo(Instant.parse(alert.path("startsAt").asString()));
        }
    }

    private JsonNode pushed(AlertView alert) throws Exception {
        server.enqueue(accepted());
        try (var channel = (Mirror) channel(config(server.getPort()))) {
            assertThat(channel.push(0, List.of(alert), NOW)).isEqualTo(new Delivery.Delivered());
        }
        RecordedRequest request = server.takeRequest();
        assertThat(request.getUrl().encodedPath()).isEqualTo("/api/v2/alerts");
        assertThat(request.getHeaders().get("Authorization")).isEqualTo(okhttp3.Credentials.basic("user", SECRET));
        return body(request).path(0);
    }

    @Test
    void aFiringAlertEndsFourRefreshesAhead() throws Exception {
        JsonNode alert = pushed(AlertSamples.firing("a1"));

        assertThat(alert.path("startsAt").asString()).isEqualTo("2026-03-02T03:12:05Z");
        assertThat(Instant.parse(alert.path("endsAt").asString())).isEqualTo(NOW.plusSeconds(240));
        assertThat(alert.path("generatorURL").asString())
                .isEqualTo("https://watch.example.com/probes/gateway-health");
    }

    @Test
    void aResolvedAlertEndsWhenItEnded() throws Exception {
        JsonNode alert = pushed(AlertSamples.resolved(AlertSamples.firing("a1")));

        assertThat(Instant.parse(alert.path("endsAt").asString())).isEqualTo(AlertSamples.START.plusSeconds(250));
    }

    @Test
    void anEndBeforeTheStartWouldBeRefusedSoItIsTheStart() throws Exception {
        AlertView alert = AlertSamples.resolved(AlertSamples.firing("a1"));
        alert = AlertSamples.withTimes(alert, alert.startsAt(), java.util.Optional.of(alert.startsAt().minusSeconds(9)));

        assertThat(pushed(alert).path("endsAt").asString()).isEqualTo("2026-03-02T03:12:05Z");
    }

    @Test
    void identityIsWhatStaysTheSameWhileTheTroubleLasts() throws Exception {
        AlertView alert = AlertSamples.firing("a1");
        JsonNode before = pushed(alert);
        JsonNode after = pushed(AlertSamples.with(alert, Cause.CONNECT_REFUSED, "the connection was refused", ""));

        assertThat(before.path("labels").toString())
                .isEqualTo("{\"alertname\":\"gateway-down\",\"severity\":\"critical\",\"probe\":\"gateway-health\",\"type\":\"http\","
                        + "\"region\":\"eu\",\"location\":\"dc1\",\"service\":\"payments\",\"team\":\"core\",\"cluster\":\"prod\"}");
        assertThat(after.path("labels")).isEqualTo(before.path("labels"));
        assertThat(before.path("annotations").path("cause").asString()).isEqualTo("http_status");
        assertThat(after.path("annotations").path("cause").asString()).isEqualTo("connect_refused");
        assertThat(after.path("annotations").path("class").asString()).isEqualTo("network");
        assertThat(after.path("annotations").path("summary").asString())
                .isEqualTo("gateway-health@eu: the connection was refused");
        assertThat(after.path("annotations").path("runbook_url").asString()).startsWith("https://wiki.example.com/");
        assertThat(after.path("annotations").propertyNames()).doesNotContain("evidence");
    }

    @Test
    void labelsWithoutAValueAreLeftOut() throws Exception {
        JsonNode alert = pushed(AlertSamples.withLabels(AlertSamples.firing("a1"), Map.of("empty", "", "blank", " ", "team", "core")));

        assertThat(alert.path("labels").propertyNames()).contains("team").doesNotContain("empty", "blank");
    }

    @Test
    void aPathBeforeTheApiIsKept() throws Exception {
        server.enqueue(accepted());
        try (var channel = (Mirror) channel(Map.of("urls", "http://127.0.0.1:" + server.getPort() + "/am/"))) {
            channel.push(0, List.of(AlertSamples.firing("a1")), NOW);
            assertThat(channel.peers()).containsExactly("http://127.0.0.1:" + server.getPort() + "/am/");
        }
        assertThat(server.takeRequest().getUrl().encodedPath()).isEqualTo("/am/api/v2/alerts");
    }

    @Test
    void peersAreNamedWithoutTheirSecrets() {
        try (var channel = (Mirror) channel(config(9093))) {
            assertThat(channel.peers()).containsExactly("http://127.0.0.1:9093");
        }
    }

    @Test
    void aTokenIsSent() throws Exception {
        server.enqueue(accepted());
        try (var channel = (Mirror)
                channel(Map.of("urls", "http://127.0.0.1:" + server.getPort(), "bearer_token", SECRET))) {
            channel.push(0, List.of(AlertSamples.firing("a1")), NOW);
        }
        assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer " + SECRET);
    }

    @Test
    void aPrivateAuthorityCanBeTrusted(@TempDir Path folder) throws Exception {
        HeldCertificate ca = new HeldCertificate.Builder().certificateAuthority(0).build();
        HeldCertificate leaf = new HeldCertificate.Builder()
                .signedBy(ca)
                .addSubjectAlternativeName("127.0.0.1")
                .build();
        Path pem = Files.writeString(folder.resolve("ca.pem"), ca.certificatePem());
        server.close();
        try (var https = new mockwebserver3.MockWebServer()) {
            https.useHttps(new HandshakeCertificates.Builder()
                    .heldCertificate(leaf)
                    .build()
                    .sslSocketFactory());
            https.start();
            https.enqueue(accepted());
            String url = "https://127.0.0.1:" + https.getPort();
            try (var trusting = (Mirror) channel(Map.of("urls", url, "tls", Map.of("trust", pem.toString())));
                    var doubting = (Mirror) channel(Map.of("urls", url))) {
                assertThat(doubting.push(0, List.of(AlertSamples.firing("a1")), NOW))
                        .isInstanceOfSatisfying(Delivery.Retry.class, retry -> {
                            assertThat(retry.reason()).contains("TLS");
                            assertThat(retry.mayHaveArrived()).isFalse();
                        });
                assertThat(trusting.push(0, List.of(AlertSamples.firing("a1")), NOW))
                        .isEqualTo(new Delivery.Delivered());
            }
        }
    }

    @Test
    void contradictionsAreToldTogether() {
        List<String> problems = Sections.problems(
                SectionType.of("alertmanager", type().keys(), s -> type().create(s, new ChannelType.Setup("am", "", PAGE))),
                Map.of(
                        "urls", List.of("http://a.example:1", "http://user:x@a.example:1"),
                        "basic_auth", Map.of("username", "u", "password", "pass"),
                        "bearer_token", "token"));

        assertThat(problems).anyMatch(p -> p.contains("an address stands twice")).anyMatch(p -> p.contains("cannot go together"));
    }

    @Test
    void aTrustFileWithoutCertificatesIsAProblem(@TempDir Path folder) throws Exception {
        Path empty = Files.writeString(folder.resolve("ca.pem"), "nothing\n");

        assertThat(Sections.problems(
                        SectionType.of("alertmanager", type().keys(), s -> s),
                        Map.of("urls", "http://a.example:1", "tls", Map.of("trust", empty.toString()))))
                .singleElement()
                .asString()
                .contains("no certificates in PEM form");
    }

    @Test
    void aWatchdogFiresWhateverElseDoesAndEndsByItselfWhenNothingIsPushed() throws Exception {
        var config = new java.util.LinkedHashMap<>(config(server.getPort()));
        config.put("watchdog", true);
        server.enqueue(accepted());
        server.enqueue(accepted());
        try (var channel = (Mirror) channel(config)) {
            assertThat(channel.beats()).isTrue();
            channel.push(0, List.of(), NOW);
            channel.push(0, List.of(AlertSamples.firing("a1")), NOW);
        }
        JsonNode alone = body(server.takeRequest());
        JsonNode beside = body(server.takeRequest());

        assertThat(alone.size()).isEqualTo(1);
        assertThat(alone.path(0).path("labels").path("alertname").asString()).isEqualTo("Watchdog");
        assertThat(alone.path(0).path("labels").path("location").asString()).isEqualTo("dc1");
        assertThat(alone.path(0).path("labels").path("cluster").asString()).isEqualTo("prod");
        assertThat(alone.path(0).path("endsAt").asString()).isEqualTo(NOW.plusSeconds(240).toString());
        assertThat(beside.size()).isEqualTo(2);
    }

    @Test
    void withoutAWatchdogNothingIsPushedWhileNothingFires() {
        try (var channel = (Mirror) channel(config(server.getPort()))) {
            assertThat(channel.beats()).isFalse();
        }
    }
}
