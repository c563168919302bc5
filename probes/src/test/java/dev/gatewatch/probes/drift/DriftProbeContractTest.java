package dev.gatewatch.probes.drift;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.probe.ProbeType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

final class DriftProbeContractTest extends ProbeContractTest {
    private final List<AutoCloseable> peers = new ArrayList<>();

    @AfterEach
    void closePeers() throws Exception {
        for (AutoCloseable peer : peers) {
            peer.close();
        }
    }

    private Drifts server() throws Exception {
        var server = new Drifts();
        peers.add(server);
        return server;
    }

    @Override
    protected ProbeType type() {
        return new DriftProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws Exception {
        String url = server().serve("/info", "application/json", "{\"version\":\"1.2\"}");
        return Map.of("url", url, "reference", Map.of("version", "1.2"));
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        String url = server().serve("/info", "application/json", "{\"version\":\"1.1\"}");
        return Map.of("url", url, "reference", Map.of("version", "1.2"));
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Map.of("url", "http://127.0.0.1:" + gone.getLocalPort() + "/", "reference", "first_seen");
        }
    }

    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        peers.add(silent);
        String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
        return Optional.of(Map.of("url", url, "reference_url", url));
    }

    @Override
    protected Optional<Map<String, Object>> withSecret(Secret secret) throws Exception {
        String echo = secret.reveal();
        Drifts server = server();
        String body = "{\"password\":\"" + echo + "\",\"echo\":\"" + echo + "\",\"url\":\"http://u:" + echo + "@h/\"}";
        return Optional.of(Map.of(
                "url",
                server.serve("/here", "application/json", body),
                "reference_url",
                server.serve("/there", "application/json", "{\"password\":\"other\"}"),
                "headers",
                Map.of("X-Api-Key", secret),
                "auth",
                Map.of("bearer", secret),
                "reference_headers",
                Map.of("X-Api-Key", secret),
                "reference_auth",
                Map.of("basic", Map.of("username", "u", "password", secret))));
    }
}
