package dev.gatewatch.probes.revocation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server of the JDK's on loopback that serves what a test gives it, and counts. */
public final class WebPeer implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Talk talk;

    /** What to do with a request. */
    @FunctionalInterface
    public interface Talk {
        void with(HttpExchange exchange) throws IOException;
    }

    public WebPeer(Talk first) throws IOException {
        talk = first;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            try (exchange) {
                talk.with(exchange);
            }
        });
        server.start();
    }

    /** Answers everything with these bytes. */
    public static WebPeer serving(byte[] content) throws IOException {
        return new WebPeer(exchange -> send(exchange, 200, content));
    }

    public static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }

    public void now(Talk other) {
        talk = other;
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** How many requests came. */
    public int asked() {
        return asked.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
