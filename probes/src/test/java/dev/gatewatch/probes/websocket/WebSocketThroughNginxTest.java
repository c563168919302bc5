package dev.gatewatch.probes.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.grpc.Nginx;
import dev.gatewatch.probes.net.LocalServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy stands before most WebSockets; this one is real. */
class WebSocketThroughNginxTest {
    @TempDir
    private Path folder;

    @Test
    void aProxyIsPassedAndItsOwnAnswersAreTold() throws Exception {
        int port = LocalServer.closedPort();
        try (LocalServer peer = RawPeer.upgraded((socket, out) -> {
                    out.write(RawPeer.frame(0x81, "welcome".getBytes(UTF_8)));
                    LocalServer.drain(socket);
                });
                var _ = Nginx.start(
                        folder,
                        """
                        server { listen 127.0.0.1:%d;
                          location /ws { proxy_pass http://%s; proxy_http_version 1.1;
                                         proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; }
                          location /dead { proxy_pass http://127.0.0.1:%d; }
                          location /page { return 200 "a page"; }
                          location /locked { return 403; } }
                        """.formatted(port, peer.address(), LocalServer.closedPort()),
                        port)) {
            String url = "ws://127.0.0.1:" + port;

            Report passed = probe(url + "/ws");
            Report dead = probe(url + "/dead");
            Report page = probe(url + "/page");
            Report locked = probe(url + "/locked");

            assertThat(passed.outcome()).as(passed.toString()).isEqualTo(Outcome.PASS);
            assertThat(dead.cause()).contains(Cause.HTTP_STATUS);
            assertThat(dead.facts()).containsEntry("status", Fact.of(502));
            assertThat(page.message()).isEqualTo("the server refused the WebSocket: status 200, expected 101");
            assertThat(locked.facts()).containsEntry("status", Fact.of(403));
        }
    }

    private static Report probe(String url) throws Exception {
        Map<String, Object> config = Map.of("url", url, "steps", List.of(Map.of("expect", "^welcome$")));
        try (Probe probe = Sections.probe(new WebSocketProbeType(), config)) {
            return Runs.once(probe, Duration.ofSeconds(20));
        }
    }
}
