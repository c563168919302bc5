package dev.gatewatch.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user plays history to their rules, from a file, a pipe and a real Prometheus, and looks at the report. */
class BacktestIT {
    private static final long START = 1_767_225_600_000L;

    @TempDir
    Path folder;

    @BeforeEach
    void rules() throws IOException {
        Files.writeString(
                folder.resolve("rules.yml"),
                """
                rules:
                  - {name: down, when: {failures: 3}, severity: critical}
                  - {name: unusual, when: {baseline: {of: latency, sensitivity: medium}}}
                """);
    }

    @Test
    void theReportOpensInABrowser() throws Exception {
        Path packed = folder.resolve("results.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(history(3_000).getBytes(StandardCharsets.UTF_8));
        }
        var ended = GatewatchProcess.command(
                folder, "backtest", "--config", "rules.yml", "--from", "results.csv.gz", "--report", "out.html", "--alerts", "alerts.csv");

        assertThat(ended.err()).doesNotContain("gatewatch:");
        assertThat(ended.exit()).isZero();
        assertThat(ended.out()).contains("6,000 runs of 2 series", "down  shop: 3 runs in a row failed", "unusual  shop: ", "wrote out.html");
        assertThat(folder.resolve("alerts.csv")).content().contains("rules.yml,down,critical,shop,");
        try (Chromium chromium = Chromium.start()) {
            Page page = chromium.open(folder.resolve("out.html").toUri().toString(), 1200, 900);
            assertThat(page.title()).isEqualTo("Back-test of rules.yml");
            assertThat(page.locator("figure svg").count()).isEqualTo(1);
            assertThat(page.locator("svg .span.critical").first().boundingBox().width).isGreaterThan(1);
            assertThat(page.locator("svg .line").first().boundingBox().width).isGreaterThan(800);
            assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).isEqualTo(true);
            assertThat(page.locator("body").innerText()).contains("3 runs in a row failed");
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    @Test
    void aBadLineIsNamed() throws Exception {
        Files.writeString(folder.resolve("results.csv"), history(10) + START + ",shop,quick,1\n");
        var ended = GatewatchProcess.command(folder, "backtest", "--config", "rules.yml", "--from", "results.csv");

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.err())
                .endsWith("gatewatch: results.csv, line 22: latency_ms is no number of milliseconds: \"quick\" (--skip-unreadable leaves such lines out)\n");
    }

    @Test
    void anInterruptedOneLeavesNothingBehind() throws Exception {
        Process process = new ProcessBuilder(
                        GatewatchProcess.distribution().resolve("bin/gatewatch").toString(),
                        "backtest", "--config", "rules.yml", "--from", "-", "--report", "out.html", "--scores", "scores.csv")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(history(5_000).getBytes(StandardCharsets.UTF_8));
            in.flush();
            Patience.await("it has begun to write").until(() -> Files.exists(folder.resolve("scores.csv.part")));
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(process.exitValue()).isEqualTo(130);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("rules.yml", "said");
        }
    }

    @Test
    void aRealPrometheusIsAsked() throws Exception {
        Path binary = Components.require("prometheus", "prometheus");
        Path promtool = Components.require("prometheus", "promtool");
        Files.writeString(folder.resolve("history.om"), openMetrics(Instant.now().getEpochSecond() / 60 * 60 - 6 * 3_600));
        Files.writeString(folder.resolve("prometheus.yml"), "global: {scrape_interval: 1h}\n");
        assertThat(new ProcessBuilder(promtool.toString(), "tsdb", "create-blocks-from", "openmetrics", "history.om", "tsdb")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("promtool.log").toFile())
                        .start()
                        .waitFor())
                .isZero();
        int port = GatewatchProcess.freePort();
        Process prometheus = new ProcessBuilder(
                        binary.toString(),
                        "--config.file=prometheus.yml",
                        "--storage.tsdb.path=tsdb",
                        "--web.listen-address=127.0.0.1:" + port)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        try {
            Patience.await("Prometheus is ready").ignoreExceptions().until(() -> GatewatchProcess.send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/-/ready")).build())
                            .statusCode()
                    == 200);
            var ended = GatewatchProcess.command(
                    folder, "backtest", "--config", "rules.yml", "--from", "prometheus", "http://127.0.0.1:" + port, "--last", "1d");

            assertThat(ended.err()).doesNotContain("gatewatch:");
            assertThat(ended.exit()).isZero();
            // each of the 200 scrapes once, although Prometheus shows a value for five minutes
            assertThat(ended.out()).contains("600 runs of 3 series");
            assertThat(ended.out()).contains("down  https://shop.example.com: 3 runs in a row failed", "down  checkout@eu: region eu is down");
            assertThat(ended.out()).doesNotContain("down  checkout@us");

            var refused = GatewatchProcess.command(
                    folder, "backtest", "--config", "rules.yml", "--from", "prometheus", "http://127.0.0.1:" + port, "--query-latency", "sum(");
            assertThat(refused.exit()).isEqualTo(2);
            assertThat(refused.err()).contains("refuses sum( (status 400): ").contains("parse error").hasLineCount(1);
        } finally {
            prometheus.destroy();
            prometheus.waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** One probe that is slow for a while and fails for a while, and one that is well. */
    private static String history(int minutes) {
        var lines = new StringBuilder("timestamp_ms,probe,latency_ms,ok\n");
        for (int i = 0; i < minutes; i++) {
            long at = START + i * 60_000L;
            double usual = 40 + 10 * Math.sin(i * 0.7) + 5 * Math.sin(i * 0.13);
            lines.append(at).append(",shop,").append(i > 2_000 && i < 2_120 ? 3 * usual : usual).append(i > 2_500 && i < 2_520 ? ",0\n" : ",1\n");
            lines.append(at + 5_000).append(",ledger,").append(usual).append(",1\n");
        }
        return lines.toString();
    }

    /** As blackbox_exporter and Gatewatch write it: 200 minutes of a target and a probe in two regions, in trouble in the middle. */
    private static String openMetrics(long start) {
        List<String> labels = List.of(
                "{instance=\"https://shop.example.com\",job=\"blackbox\"}",
                "{probe=\"checkout\",region=\"eu\",location=\"dc1\",type=\"http\",instance=\"gw:9780\",job=\"gatewatch\"}",
                "{probe=\"checkout\",region=\"us\",location=\"dc1\",type=\"http\",instance=\"gw:9780\",job=\"gatewatch\"}");
        var lines = new ArrayList<String>();
        for (String metric : List.of("probe_duration_seconds", "probe_success")) {
            lines.add("# TYPE " + metric + " gauge");
            for (String label : labels) {
                for (int i = 0; i < 200; i++) {
                    boolean ok = label.contains("us") || i < 100 || i >= 110;
                    String value = metric.equals("probe_success") ? (ok ? "1" : "0") : "0.0" + (30 + i % 7);
                    lines.add(metric + label + " " + value + " " + (start + i * 60 + 13));
                }
            }
        }
        lines.add("# EOF");
        return String.join("\n", lines) + "\n";
    }
}
