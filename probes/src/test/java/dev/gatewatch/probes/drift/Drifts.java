package dev.gatewatch.probes.drift;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A server of documents on a loopback port, and drift probes as a user would write them. */
final class Drifts implements AutoCloseable {
    private static final Duration AMPLE = Duration.ofSeconds(20);

    private final MockWebServer server = new MockWebServer();
    private final Map<String, MockResponse> documents = new ConcurrentHashMap<>();

    Drifts() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return documents.getOrDefault(
                        request.getUrl().encodedPath(), new MockResponse.Builder().code(404).build());
            }
        });
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    String serve(String path, String type, String body) {
        return serve(path, 200, type, body);
    }

    String serve(String path, int status, String type, String body) {
        documents.put(
                path,
                new MockResponse.Builder().code(status).addHeader("Content-Type", type).body(body).build());
        return "http://127.0.0.1:" + server.getPort() + path;
    }

    static Map<String, Object> config(Object... keysAndValues) {
        var config = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            config.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return config;
    }

    static Report run(Object... keysAndValues) throws Exception {
        return run(Memory.fresh(), keysAndValues);
    }

    static Report run(Memory memory, Object... keysAndValues) throws Exception {
        try (Probe probe = Sections.probe(new DriftProbeType(), config(keysAndValues))) {
            return probe.run(Runs.run(AMPLE, Clock.systemUTC(), memory));
        }
    }

    static Object fact(Report report, String name) {
        Fact fact = report.facts().get(name);
        return fact == null ? "absent" : fact.value();
    }

    static String evidence(Report report) {
        return report.evidence().stream().map(Evidence::toString).collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        server.close();
    }
}
