package dev.gatewatch.probes.http;

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

final class HttpProbeContractTest extends ProbeContractTest {
    private final List<Wire> servers = new ArrayList<>();

    @AfterEach
    void closeServers() {
        servers.forEach(Wire::close);
    }

    @Override
    protected ProbeType type() {
        return new HttpProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws Exception {
        return Map.of("url", keep(Wire.saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")).url("/"));
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        return Map.of("url", keep(Wire.saying("HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nno")).url("/"));
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Map.of("url", "http://127.0.0.1:" + gone.getLocalPort() + "/");
        }
    }

    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        return Optional.of(Map.of("url", keep(Wire.silent()).url("/")));
    }

    @Override
    protected Optional<Map<String, Object>> withSecret(Secret secret) throws Exception {
        String echo = secret.reveal();
        var answer = "HTTP/1.1 401 Unauthorized\r\nX-Echo: " + echo + "\r\nContent-Type: application/json\r\n\r\n"
                + "{\"code\":\"KEY " + echo + "\",\"message\":\"" + echo + " is unknown\"}";
        Wire server = keep(Wire.saying(answer));
        return Optional.of(Map.of(
                "url",
                new Secret(server.url("/v1/" + echo + "?key=" + echo)),
                "method",
                "POST",
                "headers",
                Map.of("X-Api-Key", secret),
                "cookies",
                Map.of("sid", secret),
                "form",
                Map.of("key", secret),
                "auth",
                Map.of("basic", Map.of("username", "u", "password", secret)),
                "expect",
                Map.of(
                        "json",
                        Map.of("$.key", secret, "$.code", Map.of("in", List.of(secret))),
                        "cel",
                        new Secret("body.key == '" + echo + "'"),
                        "body",
                        secret),
                "proxy",
                new Secret("http://u:" + echo + "@" + server.url("").substring("http://".length())),
                "proxy_headers",
                Map.of("X-Token", secret)));
    }

    private Wire keep(Wire server) {
        servers.add(server);
        return server;
    }
}
