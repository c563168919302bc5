package dev.gatewatch.probes.tenants;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.probe.ProbeType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;

final class TenantsProbeContractTest extends ProbeContractTest {
    private final List<Shop> shops = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void close() {
        over.countDown();
        shops.forEach(Shop::close);
    }

    @Override
    protected ProbeType type() {
        return new TenantsProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws Exception {
        return keep(Shop.believing((tenant, _) -> tenant)).config(Map.of());
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        return keep(Shop.believing((_, _) -> "bravo")).config(Map.of());
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Shop.config("http://127.0.0.1:" + gone.getLocalPort(), Map.of());
        }
    }

    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        return Optional.of(keep(Shop.believing((tenant, _) -> {
            over.await();
            return tenant;
        })).config(Map.of()));
    }

    @Override
    protected Optional<Map<String, Object>> withSecret(Secret secret) throws Exception {
        String echo = secret.reveal();
        Shop shop = keep(Shop.replying((_, exchange) -> {
            exchange.getResponseHeaders().set("X-Account", "b-" + echo);
            Shop.say(exchange, 200, "near " + echo + " a-" + echo + " " + exchange.getRequestHeaders().entrySet());
        }));
        return Optional.of(Shop.config(
                shop.url(),
                Map.of(
                        "identities",
                        Map.of(
                                "a", Map.of("auth", Map.of("bearer", secret), "marker", new Secret("a-" + echo)),
                                "b", Map.of("headers", Map.of("X-Key", secret), "marker", new Secret("b-" + echo))))));
    }

    private Shop keep(Shop shop) {
        shops.add(shop);
        return shop;
    }
}
