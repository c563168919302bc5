package dev.gatewatch.probes.transaction;

import dev.gatewatch.probes.httpclient.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A payment gateway in small on a loopback port; a test says how it answers on each path, and calls back. */
final class Shop implements AutoCloseable {
    private final MockWebServer server = new MockWebServer();
    private final Map<String, Function<RecordedRequest, MockResponse>> handlers = new ConcurrentHashMap<>();
    private final List<RecordedRequest> seen = Collections.synchronizedList(new ArrayList<>());
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger count = new AtomicInteger();

    Shop() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                seen.add(request);
                String path = request.getUrl().encodedPath();
                return handlers.entrySet().stream()
                        .filter(e -> (request.getMethod() + " " + path).matches(e.getKey()))
                        .findFirst()
                        .map(e -> e.getValue().apply(request))
                        .orElseGet(() -> json(404, "{\"error\":\"no such path\"}"));
            }
        });
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    /** What to answer where method and path match a pattern. */
    Shop on(String pattern, Function<RecordedRequest, MockResponse> handler) {
        handlers.put(pattern, handler);
        return this;
    }

    Shop on(String pattern, int status, String body) {
        return on(pattern, _ -> json(status, body));
    }

    static MockResponse json(int status, String body) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", "application/json")
                .body(body)
                .build();
    }

    String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    int next() {
        return count.incrementAndGet();
    }

    /** Method and target of all requests, in order. */
    List<String> lines() {
        synchronized (seen) {
            return seen.stream().map(r -> r.getMethod() + " " + r.getTarget()).toList();
        }
    }

    RecordedRequest request(int index) {
        return seen.get(index);
    }

    static String body(RecordedRequest request) {
        return request.getBody() == null ? "" : request.getBody().utf8();
    }

    static String field(RecordedRequest request, String name) {
        return Json.tryParse(request.getBody().toByteArray()).orElseThrow().path(name).asString("");
    }

    /** Calls a merchant back at once, on this thread. */
    int call(String url, String body) {
        try {
            var request = java.net.http.HttpRequest.newBuilder(URI.create(url))
                    .header("Content-Type", "application/json")
                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return client.send(request, BodyHandlers.ofString()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        client.shutdownNow();
    }
}
