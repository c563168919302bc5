package dev.gatewatch.probes.transaction;

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

final class TransactionProbeContractTest extends ProbeContractTest {
    private final List<AutoCloseable> peers = new ArrayList<>();

    @AfterEach
    void closePeers() throws Exception {
        for (AutoCloseable peer : peers) {
            peer.close();
        }
    }

    private Shop shop() throws Exception {
        var shop = new Shop();
        peers.add(shop);
        return shop;
    }

    @Override
    protected ProbeType type() {
        return new TransactionProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws Exception {
        Shop shop = shop().on("POST /orders", 201, "{\"id\":\"7\"}").on("GET /orders/7", 200, "{\"status\":\"paid\"}").on("DELETE /orders/7", 204, "");
        return steps(shop.url());
    }

    private static Map<String, Object> steps(String url) {
        return Transactions.config(
                url,
                Transactions.step("create", "method", "POST", "path", "/orders", "json", Map.of("a", 1), "capture", Map.of("id", "$.id")),
                Transactions.step("wait", "path", "/orders/$(id)", "poll", Map.of("until", Map.of("json", Map.of("$.status", "paid")))),
                Transactions.step("cancel", "method", "DELETE", "path", "/orders/$(id)", "always", true));
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        return steps(shop().on("POST /orders", 400, "{}").url());
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return steps("http://127.0.0.1:" + gone.getLocalPort());
        }
    }

    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        peers.add(silent);
        return Optional.of(steps("http://127.0.0.1:" + silent.getLocalPort()));
    }

    @Override
    protected Optional<Map<String, Object>> withSecret(Secret secret) throws Exception {
        String echo = secret.reveal();
        Shop shop = shop().on(
                        "POST .*", 401, "{\"code\":\"KEY " + echo + "\",\"message\":\"" + echo + " is unknown\"}");
        return Optional.of(Transactions.with(
                Transactions.with(
                        Transactions.with(
                                Transactions.config(
                                        shop.url() + "/",
                                        Transactions.step(
                                                "pay",
                                                "method",
                                                "POST",
                                                "path",
                                                new Secret("/" + echo + "?k=" + echo),
                                                "json",
                                                Map.of("key", secret, "other", "$(key)"),
                                                "sign",
                                                Map.of("s", Map.of("key", secret, "over", secret)),
                                                "expect",
                                                Map.of("status", List.of(200, 401), "json", Map.of("$.key", secret), "body", secret))),
                                "variables",
                                Map.of("key", secret)),
                        "auth",
                        Map.of("basic", Map.of("username", "u", "password", secret))),
                "headers",
                Map.of("X-Api-Key", secret, "X-Plain", "$(key)")));
    }
}
