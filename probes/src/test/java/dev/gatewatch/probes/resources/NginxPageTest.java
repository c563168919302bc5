package dev.gatewatch.probes.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.grpc.Nginx;
import dev.gatewatch.probes.net.LocalServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages from behind a real web server: compressed, and of another kind. */
class NginxPageTest {
    @TempDir
    private Path folder;

    @Test
    void aCompressedPageIsReadAndAStatusPageIsNone() throws Exception {
        Path site = Files.createDirectories(folder.resolve("site"));
        Files.writeString(site.resolve("metrics"), "queue_depth{queue=\"mail\"} 7\n".repeat(500));
        int port = LocalServer.closedPort();
        try (var _ = Nginx.start(
                folder,
                """
                server { listen 127.0.0.1:%d; root %s; default_type text/plain; gzip on; gzip_types *; gzip_min_length 1;
                         location /stub { stub_status; } }
                """.formatted(port, site),
                port)) {
            Report page = probe("http://127.0.0.1:" + port + "/metrics");
            Report stub = probe("http://127.0.0.1:" + port + "/stub");

            assertThat(page.facts()).containsEntry("value.depth", Fact.of(7)).containsEntry("series", Fact.of(500));
            assertThat(stub.cause()).contains(Cause.CONTENT_MISMATCH);
            assertThat(stub.message()).contains("line 1 is no metric").contains("Active connections");
        }
    }

    private static Report probe(String url) throws Exception {
        Map<String, Object> config = Map.of("url", url, "values", Map.of("depth", "max(queue_depth)"));
        try (Probe probe = Sections.probe(new ResourcesProbeType(), config)) {
            return Runs.once(probe, Duration.ofSeconds(20));
        }
    }
}
