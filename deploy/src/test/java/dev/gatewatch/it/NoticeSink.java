package dev.gatewatch.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/** A webhook receiver on loopback that remembers what it took, in order, and can be told to misbehave. */
final class NoticeSink implements AutoCloseable {
    /** One notice as it arrived. */
    record Arrival(long noticeId, String alertId, String status, boolean mayRepeat, String cause) {}

    private final HttpServer server;
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private volatile int answer = 200;

    NoticeSink() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.createContext("/", this::take);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int status = answer;
            if (status == 200) {
                for (JsonNode alert : GatewatchProcess.JSON.readTree(body).get("alerts")) {
                    arrivals.add(new Arrival(
                            alert.get("noticeId").asLong(),
                            alert.get("alertId").asString(),
                            alert.get("status").asString(),
                            alert.get("mayRepeat").asBoolean(),
                            alert.get("cause").asString()));
                }
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /** What to answer from now on; notices are remembered only with 200. */
    void answerWith(int status) {
        answer = status;
    }

    List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
