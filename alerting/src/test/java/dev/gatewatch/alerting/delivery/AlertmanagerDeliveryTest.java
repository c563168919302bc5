package dev.gatewatch.alerting.delivery;

import static dev.gatewatch.kit.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.alertmanager.AlertmanagerType;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From judgement to the messages that a real Alertmanager sends on. Skipped where Alertmanager is not installed. */
@Timeout(120)
class AlertmanagerDeliveryTest {
    @TempDir
    Path folder;

    /** What Alertmanager notified, webhook by webhook. */
    private final List<JsonNode> notified = new CopyOnWriteArrayList<>();

    private final MockWebServer hook = new MockWebServer();
    private RealAlertmanager alertmanager;
    private TestStore store;
    private Deliveries deliveries;

    @BeforeEach
    void start() throws Exception {
        hook.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                notified.add(JsonMapper.shared().readTree(request.getBody().toByteArray()));
                return new MockResponse.Builder().code(200).build();
            }
        });
        hook.start();
        alertmanager = RealAlertmanager.start(folder, URI.create("http://127.0.0.1:" + hook.getPort() + "/"));
        store = new TestStore(folder);
        deliveries = new Deliveries(store, DeliveryMetrics.NONE, TimeSource.system(), new LongestDraw(), Duration.ofMillis(100), "dc1");
    }

    @AfterEach
    void stop() {
        if (alertmanager != null) {
            deliveries.close();
            store.close();
            alertmanager.close();
        }
        hook.close();
    }

    private void deliverTo(String... urls) {
        var type = new AlertmanagerType();
        Channel channel = type.create(
                Sections.of(type.keys(), Map.of("urls", List.of(urls), "timeout", "2s")),
                new Setup("am", "dc1", Optional.of(URI.create("https://watch.example.com"))));
        deliveries.reconfigure(List.of(new NamedChannel("am", type.name(), channel)));
    }

    private void show(List<AlertView> alerts) {
        deliveries.committed(Map.of("am", alerts), Instant.now());
    }

    private static AlertView firingNow(String id, String probe) {
        return AlertSamples.withTimes(
                AlertSamples.firing(id, probe, "expected status 200, got 503"),
                Instant.now().minusSeconds(30),
                Optional.empty());
    }

    private static AlertView resolvedNow(AlertView alert) {
        AlertView resolved = AlertSamples.resolved(alert);
        return AlertSamples.withTimes(resolved, resolved.startsAt(), Optional.of(Instant.now()));
    }

    private List<String> active() throws Exception {
        var probes = new ArrayList<String>();
        alertmanager
                .json("/api/v2/alerts?active=true")
                .forEach(alert -> probes.add(alert.path("labels").path("probe").asString()));
        return probes.stream().sorted().toList();
    }

    /** The probes in the latest notice of a status that Alertmanager sent on. */
    private boolean wasTold(String status, String... probes) {
        return notified.stream().anyMatch(message -> {
            var named = new ArrayList<String>();
            message.path("alerts").forEach(alert -> {
                if (alert.path("status").asString().equals(status)) {
                    named.add(alert.path("labels").path("probe").asString());
                }
            });
            return named.containsAll(List.of(probes));
        });
    }

    @Test
    void alertmanagerReceivesGroupsAndResolves() throws Exception {
        deliverTo(alertmanager.address().toString());
        AlertView one = firingNow("a1", "gateway-health");
        AlertView two = firingNow("a2", "checkout");

        show(List.of(one, two));
        await().until(() -> active().equals(List.of("checkout", "gateway-health")));
        JsonNode group = alertmanager.json("/api/v2/alerts/groups").path(0);
        assertThat(group.path("labels").path("alertname").asString()).isEqualTo("gateway-down");
        assertThat(group.path("alerts").size()).isEqualTo(2);
        JsonNode alert = group.path("alerts").path(0);
        assertThat(alert.path("annotations").path("cause").asString()).isEqualTo("http_status");
        assertThat(alert.path("generatorURL").asString()).startsWith("https://watch.example.com/probes/");
        await().until(() -> wasTold("firing", "gateway-health", "checkout"));

        show(List.of(one, resolvedNow(two)));
        await().until(() -> active().equals(List.of("gateway-health")));
        await().until(() -> wasTold("resolved", "checkout"));

        show(List.of(resolvedNow(one), resolvedNow(two)));
        await().until(() -> active().isEmpty());
        await().until(() -> wasTold("resolved", "gateway-health"));
    }

    @Test
    void aCauseThatChangesIsStillTheSameAlert() throws Exception {
        deliverTo(alertmanager.address().toString());
        AlertView alert = firingNow("a1", "gateway-health");
        show(List.of(alert));
        await().until(() -> active().size() == 1);

        show(List.of(AlertSamples.with(alert, Cause.CONNECT_REFUSED, "the connection was refused", "")));

        await().until(() -> alertmanager
                .json("/api/v2/alerts")
                .path(0)
                .path("annotations")
                .path("cause")
                .asString()
                .equals("connect_refused"));
        assertThat(alertmanager.json("/api/v2/alerts").size()).isEqualTo(1);
    }

    @Test
    void aPeerThatHangsDelaysNeitherTheOtherNorItsResolves() throws Exception {
        try (var hanging = new MockWebServer()) {
            hanging.setDispatcher(new Dispatcher() {
                @Override
                public MockResponse dispatch(RecordedRequest request) {
                    return new MockResponse.Builder()
                            .onResponseStart(SocketEffect.Stall.INSTANCE)
                            .build();
                }
            });
            hanging.start();
            deliverTo("http://127.0.0.1:" + hanging.getPort(), alertmanager.address().toString());
            AlertView alert = firingNow("a1", "gateway-health");

            show(List.of(alert));
            await().until(() -> hanging.getRequestCount() > 0 && active().size() == 1);
            show(List.of(resolvedNow(alert)));
            await().until(() -> active().isEmpty());

            await().until(() -> deliveries.views().getFirst().lastError().contains("no answer within 2000 ms"));
            assertThat(deliveries.views().getLast().lastError()).isEmpty();
        }
    }

    @Test
    void theOneAlertThatAlertmanagerRefusesIsFoundAndTheOthersArrive() throws Exception {
        deliverTo(alertmanager.address().toString());
        var alerts = new ArrayList<AlertView>();
        for (int i = 0; i < 20; i++) {
            alerts.add(firingNow("a" + i, "p" + i));
        }
        alerts.set(7, AlertSamples.withLabels(alerts.get(7), Map.of("not-a-label-name", "x")));

        show(alerts);

        await().until(() -> active().size() == 19 && deliveries.views().getFirst().dead() == 1);
        assertThat(active()).doesNotContain("p7");
        assertThat(deliveries.views().getFirst().lastError()).contains("HTTP 400");
    }

    @Test
    void anAlertmanagerThatIsStartedAnewStillHearsOfTheEnd() throws Exception {
        deliverTo(alertmanager.address().toString());
        AlertView alert = firingNow("a1", "gateway-health");
        show(List.of(alert));
        await().until(() -> wasTold("firing", "gateway-health"));

        alertmanager.stop();
        show(List.of(resolvedNow(alert)));
        await().until(() -> deliveries.views().getFirst().lastError().contains("refused"));
        alertmanager.startAgain();

        await().until(() -> wasTold("resolved", "gateway-health"));
        assertThat(active()).isEmpty();
    }

    @Test
    void theWatchdogFiresInAlertmanagerWhileNothingElseDoes() throws Exception {
        var type = new AlertmanagerType();
        Channel channel = type.create(
                Sections.of(type.keys(), Map.of("urls", List.of(alertmanager.address().toString()), "watchdog", true)),
                new Setup("am", "dc1", Optional.empty()));
        deliveries.reconfigure(List.of(new NamedChannel("am", type.name(), channel)));

        show(List.of());

        await().until(() -> active().equals(List.of("gatewatch")));
        JsonNode watchdog = alertmanager.json("/api/v2/alerts").path(0);
        assertThat(watchdog.path("labels").path("alertname").asString()).isEqualTo("Watchdog");
        assertThat(Instant.parse(watchdog.path("endsAt").asString())).isAfter(Instant.now().plusSeconds(200));
    }
}
