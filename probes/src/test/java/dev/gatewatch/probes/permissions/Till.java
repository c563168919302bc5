package dev.gatewatch.probes.permissions;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.IntConsumer;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/** A service with roles: {@code /order} for cashiers and admins, {@code /refund} for admins. */
final class Till implements AutoCloseable {
    final Map<String, List<String>> may = new ConcurrentHashMap<>(
            Map.of("admin-token", List.of("order", "refund"), "cashier-token", List.of("order")));
    final Queue<String> asked = new ConcurrentLinkedQueue<>();

    volatile int refusal = 403;
    volatile Duration delay = Duration.ZERO;
    /** Called with 1 and -1 around each answer. */
    volatile IntConsumer around = _ -> {};
    /** By token, which is empty for a stranger; instead of the service's own answer, where it gives one. */
    volatile Function<String, @Nullable MockResponse> instead = _ -> null;

    private final MockWebServer http = new MockWebServer();

    Till() throws Exception {
        http.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                around.accept(1);
                try {
                    Thread.sleep(delay);
                    return answer(request);
                } finally {
                    around.accept(-1);
                }
            }
        });
        http.start(InetAddress.getLoopbackAddress(), 0);
    }

    String url() {
        String url = http.url("/").toString();
        return url.substring(0, url.length() - 1);
    }

    private MockResponse answer(RecordedRequest request) {
        String path = request.getUrl().encodedPath();
        asked.add(path);
        String header = request.getHeaders().get("Authorization");
        String who = header == null ? "" : header.replace("Bearer ", "");
        MockResponse other = instead.apply(who);
        if (other != null) {
            return other;
        }
        if (!may.containsKey(who)) {
            return json(401, "{\"error\":\"who are you?\"}");
        }
        String action = path.substring(1);
        return may.get(who).contains(action)
                ? json(200, "{\"done\":\"" + action + "\"}")
                : json(refusal, "{\"Code\":\"" + (refusal == 403 ? "AccessDenied" : "NotFound") + "\",\"Message\":\"no " + action
                        + " for you\"}");
    }

    private static MockResponse json(int status, String body) {
        return new MockResponse.Builder().code(status).addHeader("Content-Type", "application/json").body(body).build();
    }

    /** As a user writes it. */
    Map<String, Object> config(Map<String, ?> over) {
        var identities = new LinkedHashMap<String, Object>();
        identities.put("admin", Map.of("auth", Map.of("bearer", "admin-token")));
        identities.put("cashier", Map.of("headers", Map.of("Authorization", "Bearer cashier-token")));
        identities.put("stranger", Map.of());
        var config = new LinkedHashMap<String, Object>();
        config.put("url", url());
        config.put("identities", identities);
        config.put("actions", actions());
        config.putAll(over);
        return config;
    }

    Map<String, Object> actions() {
        var actions = new LinkedHashMap<String, Object>();
        actions.put("order", Map.of("path", "/order", "allow", List.of("admin", "cashier")));
        actions.put(
                "refund",
                Map.of("path", "/refund", "method", "POST", "json", Map.of("amount", 1), "allow", List.of("admin")));
        return actions;
    }

    @Override
    public void close() {
        http.close();
    }
}
