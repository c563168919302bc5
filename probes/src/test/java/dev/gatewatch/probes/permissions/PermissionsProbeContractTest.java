package dev.gatewatch.probes.permissions;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.probe.ProbeType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class PermissionsProbeContractTest extends ProbeContractTest {
    private Till till;

    @BeforeEach
    void start() throws Exception {
        till = new Till();
    }

    @AfterEach
    void stop() {
        till.close();
    }

    @Override
    protected ProbeType type() {
        return new PermissionsProbeType();
    }

    @Override
    protected Map<String, Object> passing() {
        return till.config(Map.of());
    }

    @Override
    protected Map<String, Object> failing() {
        till.may.put("cashier-token", List.of("order", "refund"));
        return till.config(Map.of());
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return till.config(Map.of("url", "http://127.0.0.1:" + gone.getLocalPort()));
        }
    }

    @Override
    protected Optional<Map<String, Object>> silent() {
        till.instead = _ -> new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();
        return Optional.of(till.config(Map.of()));
    }

    @Override
    protected Optional<Map<String, Object>> withSecret(Secret secret) {
        till.instead = who -> new MockResponse.Builder()
                .code(403)
                .body("{\"code\":\"NO " + who + "\",\"message\":\"" + who + " and " + secret.reveal() + " may not\"}")
                .build();
        return Optional.of(till.config(Map.of(
                "url",
                new Secret(till.url() + "/" + secret.reveal()),
                "identities",
                Map.of("a", Map.of("auth", Map.of("bearer", secret)), "b", Map.of("headers", Map.of("X-Api-Key", secret))),
                "actions",
                Map.of("x", Map.of("path", new Secret("/" + secret.reveal()), "method", "POST", "json", Map.of("k", secret), "allow", List.of("a", "b"))))));
    }
}
