package dev.gatewatch.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A real Alertmanager receives, groups and resolves. */
class AlertmanagerIT {
    @TempDir
    Path folder;

    @Test
    void aFailureOfTwoRegionsIsOneGroupAndBothResolve() throws Exception {
        Path binary = Components.require("prometheus-alertmanager", "prometheus-alertmanager", "alertmanager");
        List<JsonNode> told = new CopyOnWriteArrayList<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        receiver.createContext("/", exchange -> {
            try (exchange) {
                told.add(GatewatchProcess.JSON.readTree(exchange.getRequestBody().readAllBytes()));
                exchange.sendResponseHeaders(200, -1);
            }
        });
        receiver.start();
        int port = GatewatchProcess.freePort();
        Files.writeString(
                folder.resolve("alertmanager.yml"),
                """
                route: {receiver: hook, group_by: [alertname, probe], group_wait: 3s, group_interval: 1s, repeat_interval: 1h}
                receivers:
                  - name: hook
                    webhook_configs: [{url: "http://127.0.0.1:%d/"}]
                """
                        .formatted(receiver.getAddress().getPort()));
        Process alertmanager = new ProcessBuilder(
                        binary.toString(),
                        "--config.file=" + folder.resolve("alertmanager.yml"),
                        "--storage.path=" + folder.resolve("am"),
                        "--cluster.listen-address=",
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("alertmanager.log").toFile())
                .start();
        URI api = URI.create("http://127.0.0.1:" + port);
        try (var target = new FlakyTarget();
                var gatewatch = GatewatchProcess.run(folder, configuration(target, port))) {
            Patience.await("Alertmanager").ignoreExceptions().until(() -> GatewatchProcess.send(
                                    HttpRequest.newBuilder(api.resolve("/-/ready")).build())
                            .statusCode()
                    == 200);
            gatewatch.awaitReady();
            target.answer("/eu", 500);
            target.answer("/ap", 500);

            Patience.await("one group of both regions").untilAsserted(() -> assertThat(told).anySatisfy(group -> {
                assertThat(group.get("status").asString()).isEqualTo("firing");
                assertThat(group.get("alerts")).hasSize(2);
                JsonNode alert = group.get("alerts").get(0);
                assertThat(alert.get("labels").get("alertname").asString()).isEqualTo("down");
                assertThat(alert.get("labels").get("severity").asString()).isEqualTo("critical");
                assertThat(alert.get("annotations").get("cause").asString()).isEqualTo("http_status");
                assertThat(alert.get("annotations").get("summary").asString()).contains("500");
            }));
            target.answer("/eu", 200);
            target.answer("/ap", 200);
            // Alertmanager tells of each when it learns of it, so the two may come one after the other
            Patience.await("both are resolved, and then the group").untilAsserted(() -> {
                assertThat(regionsToldAs("resolved", told)).containsExactlyInAnyOrder("eu", "ap");
                assertThat(told.getLast().get("status").asString()).isEqualTo("resolved");
            });
        } finally {
            alertmanager.destroy();
            alertmanager.waitFor(10, TimeUnit.SECONDS);
            receiver.stop(0);
        }
    }

    private static Set<String> regionsToldAs(String status, List<JsonNode> told) {
        var regions = new HashSet<String>();
        for (JsonNode group : told) {
            for (JsonNode alert : group.get("alerts")) {
                if (alert.get("status").asString().equals(status)) {
                    regions.add(alert.get("labels").get("region").asString());
                }
            }
        }
        return regions;
    }

    private String configuration(FlakyTarget target, int port) {
        return """
                server: {listen: "@listen@"}
                store: {url: "sqlite:%s"}
                probes:
                  - name: checkout
                    type: http
                    interval: 1s
                    regions: {eu: "%s", ap: "%s"}
                rules:
                  - {name: down, when: {failures: 2}, severity: critical}
                channels:
                  - {name: am, type: alertmanager, urls: ["http://127.0.0.1:%d"]}
                routes:
                  - {channels: [am]}
                """
                .formatted(folder.resolve("g.db"), target.url("/eu"), target.url("/ap"), port);
    }
}
