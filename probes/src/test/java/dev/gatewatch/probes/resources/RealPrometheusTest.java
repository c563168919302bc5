package dev.gatewatch.probes.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Components;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.LocalServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a real Prometheus, in both formats that it writes. */
class RealPrometheusTest {
    @TempDir
    private Path folder;

    @Test
    void itsPageIsReadInBothFormats() throws Exception {
        Path program = Components.require("prometheus");
        int port = LocalServer.closedPort();
        Path config = Files.writeString(folder.resolve("prometheus.yml"), "global: {scrape_interval: 15s}\n");
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out.log").toFile())
                .start();
        try {
            Memory memory = Memory.fresh();
            Map<String, Object> keys = Map.of(
                    "url",
                    "http://127.0.0.1:" + port + "/metrics",
                    "values",
                    Map.of(
                            "open", "process_open_fds",
                            "most", "process_max_fds",
                            "goroutines", "go_goroutines{}",
                            "ready", "prometheus_ready",
                            "version", "count(prometheus_build_info{goversion=~\"go.*\"})",
                            "served", Map.of("select", "promhttp_metric_handler_requests_total{code=\"200\"}", "absent", 0)),
                    "ratios",
                    Map.of("fds", "open / most"),
                    "rates",
                    Map.of("scrapes", "served"),
                    "quantiles",
                    Map.of("p99", Map.of("histogram", "prometheus_http_request_duration_seconds")),
                    "expect",
                    Map.of("fds", Map.of("max", 0.8), "goroutines", Map.of("min", 1)),
                    "exhausts",
                    List.of(Map.of("value", "open", "limit", "most")));
            Waiting.await().until(() -> run(keys, memory).outcome() == Outcome.PASS);
            var open = new java.util.HashMap<>(keys);
            open.put("headers", Map.of("Accept", "application/openmetrics-text;version=1.0.0"));

            Report text = run(keys, memory);
            Report metrics = run(open, memory);

            assertThat(text.facts())
                    .containsEntry("value.version", Fact.of(1))
                    .containsKeys("value.open", "value.fds", "value.scrapes", "value.p99");
            assertThat(metrics.outcome()).as(metrics.toString()).isEqualTo(Outcome.PASS);
            assertThat(metrics.facts()).containsEntry("value.version", Fact.of(1));
        } finally {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private static Report run(Map<String, Object> config, Memory memory) throws Exception {
        try (Probe probe = Sections.probe(new ResourcesProbeType(), config)) {
            return probe.run(Runs.run(Duration.ofSeconds(5), Clock.systemUTC(), memory));
        }
    }
}
