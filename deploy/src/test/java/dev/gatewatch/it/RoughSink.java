package dev.gatewatch.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** A webhook receiver on loopback with one bad manner, which it shows now and then until it is told to behave. Notes down what it took. */
final class RoughSink implements AutoCloseable {
    /**
     * One notice as it arrived.
     *
     * @param alert all that was said of it
     */
    record Arrival(long noticeId, String alertId, String status, boolean mayRepeat, JsonNode alert) {
        String label(String name) {
            return alert.get("labels").path(name).asString("");
        }

        @Override
        public String toString() {
            return status + " " + label("probe") + " " + label("region") + " " + label("severity");
        }
    }

    /** What it does instead of taking a message. */
    enum Manner {
        NONE,
        FAILS,
        LIMITS,
        /** Takes it, or not, and never answers. */
        HANGS,
        /** Takes it, or not, and closes the connection. */
        RESETS,
        /** Nobody listens for a while. */
        DOWN
    }

    private final Manner manner;
    private final Random random;
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private final int port;
    private HttpServer server;
    private volatile boolean behaves;
    private boolean listening = true;

    RoughSink(Manner manner, long seed) throws IOException {
        this.manner = manner;
        this.random = new Random(seed);
        this.server = listen(0);
        this.port = server.getAddress().getPort();
    }

    private HttpServer listen(int at) throws IOException {
        HttpServer next = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 100);
        next.createContext("/", this::take);
        next.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        next.start();
        return next;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean rough = !behaves && manner != Manner.NONE && manner != Manner.DOWN && chance(3);
            boolean lost = manner == Manner.FAILS || manner == Manner.LIMITS || chance(2);
            if (!rough || !lost) {
                note(body);
            }
            if (!rough) {
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            switch (manner) {
                case FAILS -> exchange.sendResponseHeaders(500, -1);
                case LIMITS -> {
                    exchange.getResponseHeaders().add("Retry-After", "1");
                    exchange.sendResponseHeaders(429, -1);
                }
                case HANGS -> LockSupport.parkNanos(2_000_000_000L); // longer than the channel's patience
                case RESETS -> {} // closing without an answer
                case NONE, DOWN -> throw new IllegalStateException("these are never rough");
            }
        }
    }

    private synchronized boolean chance(int oneOf) {
        return random.nextInt(oneOf) == 0;
    }

    private void note(byte[] body) throws IOException {
        for (JsonNode alert : GatewatchProcess.JSON.readTree(body).get("alerts")) {
            arrivals.add(new Arrival(
                    alert.get("noticeId").asLong(),
                    alert.get("alertId").asString(),
                    alert.get("status").asString(),
                    alert.get("mayRepeat").asBoolean(),
                    alert));
        }
    }

    /** Some time has passed: one that goes down does, or comes back. */
    void turn() throws IOException {
        if (manner == Manner.DOWN && !behaves) {
            if (listening) {
                server.stop(0);
            }
            listening = chance(2);
            if (listening) {
                server = listen(port);
            }
        }
    }

    /** From now on it takes everything. */
    void behave() throws IOException {
        behaves = true;
        if (!listening) {
            server = listen(port);
            listening = true;
        }
    }

    Manner manner() {
        return manner;
    }

    String url() {
        return "http://127.0.0.1:" + port + "/hook";
    }

    List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    @Override
    public void close() {
        if (listening) {
            server.stop(0);
        }
    }
}
