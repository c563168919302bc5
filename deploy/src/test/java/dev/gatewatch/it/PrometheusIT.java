package dev.gatewatch.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A real Prometheus scrapes a real daemon, and every query of the Grafana dashboard returns data. */
class PrometheusIT {
    @TempDir
    static Path folder;

    private static GatewatchProcess gatewatch;
    private static Process prometheus;
    private static URI prometheusUrl;

    @BeforeAll
    static void start() throws Exception {
        Path binary = Components.require("prometheus", "prometheus");
        int port = GatewatchProcess.freePort();
        int control = GatewatchProcess.freePort();
        gatewatch = GatewatchProcess.start(
                folder, port, "demo", "--listen", "127.0.0.1:" + port, "--sandbox", "127.0.0.1:" + control, "--data", folder.resolve("data").toString());
        gatewatch.awaitReady();
        // one failing region, so that the panels on failures have something to show
        GatewatchProcess.body(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + control + "/faults/region-ap-down"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build());

        int prometheusPort = GatewatchProcess.freePort();
        prometheusUrl = URI.create("http://127.0.0.1:" + prometheusPort);
        String shipped = Files.readString(GatewatchProcess.distribution().resolve("prometheus/prometheus.yml"));
        String config = shipped.replace("gatewatch:9780", "127.0.0.1:" + port)
                .replace("15s", "1s")
                .replaceFirst("(?s)alerting:.*?(?=scrape_configs:)", "");
        Files.writeString(folder.resolve("prometheus.yml"), config);
        Files.copy(
                GatewatchProcess.distribution().resolve("prometheus/gatewatch-rules.yml"),
                folder.resolve("gatewatch-rules.yml"));
        prometheus = new ProcessBuilder(
                        binary.toString(),
                        "--config.file=" + folder.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + folder.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + prometheusPort)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        Patience.await("Prometheus has scraped for a while").ignoreExceptions().untilAsserted(() ->
                assertThat(query("count_over_time(up{job=\"gatewatch\"}[1m])").get(0).get("value").get(1).asInt())
                        .isGreaterThan(8));
    }

    @AfterAll
    static void stop() throws Exception {
        if (prometheus != null) {
            prometheus.destroy();
            prometheus.waitFor(10, TimeUnit.SECONDS);
        }
        if (gatewatch != null) {
            gatewatch.close();
        }
    }

    @Test
    void theScrapeSucceeds() throws Exception {
        assertThat(query("up{job=\"gatewatch\"}").get(0).get("value").get(1).asString()).isEqualTo("1");
    }

    @Test
    void promtoolFindsNothingToSay() throws Exception {
        var check = new ProcessBuilder(Components.require("prometheus", "promtool").toString(), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (var in = check.getOutputStream()) {
            in.write(gatewatch.get("/metrics").getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(said).isZero();
        assertThat(said).isBlank();
    }

    @Test
    void labelsOfTheProbesSurviveTheScrape() throws Exception {
        JsonNode ap = query("probe_success{probe=\"checkout\",region=\"ap\",type=\"http\"}");
        assertThat(ap).hasSize(1);
        Patience.await("the failing region is 0").untilAsserted(() -> assertThat(
                        query("probe_success{probe=\"checkout\",region=\"ap\"}").get(0).get("value").get(1).asString())
                .isEqualTo("0"));
    }

    @TestFactory
    List<DynamicTest> everyQueryOfTheDashboardReturnsData() throws Exception {
        JsonNode dashboard = GatewatchProcess.JSON.readTree(
                Files.readString(GatewatchProcess.distribution().resolve("grafana/dashboards/gatewatch.json")));
        var tests = new ArrayList<DynamicTest>();
        for (JsonNode panel : dashboard.get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String expression = target.get("expr").asString();
                tests.add(DynamicTest.dynamicTest(panel.get("title").asString() + ": " + expression, () ->
                        Patience.await("data").untilAsserted(() -> assertThat(query(filledIn(expression)))
                                .isNotEmpty())));
            }
        }
        for (JsonNode variable : dashboard.get("templating").get("list")) {
            if (variable.get("type").asString().equals("query")) {
                String name = variable.get("name").asString();
                tests.add(DynamicTest.dynamicTest("variable " + name, () -> assertThat(query(
                                "count by (" + name + ") (probe_success)"))
                        .isNotEmpty()));
            }
        }
        assertThat(tests).hasSizeGreaterThan(15);
        return tests;
    }

    /** The query as Grafana sends it with "All" chosen. */
    private static String filledIn(String expression) {
        return expression
                .replaceAll("\\$(probe|region|location)", ".*")
                .replace("$__rate_interval", "1m")
                .replace("$__range", "10m");
    }

    private static JsonNode query(String expression) throws IOException, InterruptedException {
        String body = GatewatchProcess.body(HttpRequest.newBuilder(prometheusUrl.resolve(
                        "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8)))
                .build());
        return GatewatchProcess.JSON.readTree(body).get("data").get("result");
    }
}
