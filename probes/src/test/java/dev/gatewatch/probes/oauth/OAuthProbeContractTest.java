package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.probe.ProbeType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class OAuthProbeContractTest extends ProbeContractTest {
    private TokenServer server;

    @BeforeEach
    void start() throws Exception {
        server = new TokenServer().start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected ProbeType type() {
        return new OAuthProbeType();
    }

    @Override
    protected Map<String, Object> passing() {
        return server.client(Map.of("refresh", true, "introspect_url", server.url("/introspect"), "min_lifetime", "5m"));
    }

    @Override
    protected Map<String, Object> failing() {
        return server.client(Map.of("client_secret", "another"));
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Map.of("token_url", "http://127.0.0.1:" + gone.getLocalPort() + "/token");
        }
    }

    @Override
    protected Optional<Map<String, Object>> silent() {
        server.instead = _ -> new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();
        return Optional.of(server.client(Map.of()));
    }

    @Override
    protected Optional<Map<String, Object>> withSecret(Secret secret) {
        server.instead = ask -> server.json(
                400,
                "{\"error\":\"invalid_grant\",\"error_description\":\"" + ask.form() + " " + ask.headers() + "\"}");
        return Optional.of(Map.of(
                "token_url",
                new Secret(server.tokenUrl() + "?key=" + secret.reveal()),
                "grant",
                "refresh_token",
                "refresh_token",
                new Secret("rt-" + secret.reveal()),
                "client_id",
                "me",
                "client_secret",
                secret,
                "params",
                Map.of("api_key", secret)));
    }
}
