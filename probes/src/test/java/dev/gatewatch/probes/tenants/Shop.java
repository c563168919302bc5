package dev.gatewatch.probes.tenants;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A service of several tenants, on the JDK's server, with whatever fault a test gives it. */
final class Shop implements AutoCloseable {
    static {
        // small answers over kept connections would wait for the other side's delayed acknowledgement
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService executor;
    final AtomicInteger requests = new AtomicInteger();

    /** Who the service believes is asking. */
    @FunctionalInterface
    interface Belief {
        String of(String tenant, HttpExchange exchange) throws Exception;
    }

    /** What it answers. */
    @FunctionalInterface
    interface Reply {
        void to(String believed, HttpExchange exchange) throws Exception;
    }

    private Shop(ExecutorService executor, Reply reply, Belief belief) throws IOException {
        this.executor = executor;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor((Executor) executor);
        server.createContext("/", exchange -> {
            try (exchange) {
                int id = requests.incrementAndGet();
                exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().set("X-Request-Id", "req-" + id);
                String header = exchange.getRequestHeaders().getFirst("Authorization");
                reply.to(belief.of(header == null ? "" : header.replace("Bearer token-of-", ""), exchange), exchange);
            } catch (Exception e) {
                throw new IOException(e);
            }
        });
        server.start();
    }

    /** One that greets whom it believes to see. */
    static Shop believing(Belief belief) throws IOException {
        return new Shop(Executors.newVirtualThreadPerTaskExecutor(), Shop::greet, belief);
    }

    /** One whose requests are all handled by the same thread. */
    static Shop withOneThread(Belief belief) throws IOException {
        return new Shop(Executors.newSingleThreadExecutor(), Shop::greet, belief);
    }

    static Shop replying(Reply reply) throws IOException {
        return new Shop(Executors.newVirtualThreadPerTaskExecutor(), reply, (tenant, _) -> tenant);
    }

    private static void greet(String believed, HttpExchange exchange) throws IOException {
        say(exchange, 200, "{\"tenant\":\"" + believed + "\",\"greeting\":\"welcome, account-" + believed + "\"}");
    }

    static void say(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Two tenants, as a user writes them. */
    Map<String, Object> config(Map<String, ?> over) {
        return config(url(), over);
    }

    static Map<String, Object> config(String url, Map<String, ?> over) {
        var identities = new LinkedHashMap<String, Object>();
        for (String tenant : List.of("acme", "bravo")) {
            identities.put(
                    tenant, Map.of("auth", Map.of("bearer", "token-of-" + tenant), "marker", "account-" + tenant));
        }
        var config = new LinkedHashMap<String, Object>();
        config.put("url", url);
        config.put("identities", identities);
        config.putAll(over);
        return config;
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
