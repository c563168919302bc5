package dev.gatewatch.probes.http;

import static dev.gatewatch.probes.http.Probing.fact;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What connections do to a run: each cause that comes from the wire rather than from an answer. */
final class HttpWireTest {
    private static final Duration SHORT = Duration.ofMillis(500);

    /** Loads classes, so that the tests of deadlines measure the probe. */
    @BeforeAll
    static void warmUp() throws Exception {
        try (Wire server = Wire.silent()) {
            Probing.run(Map.of("url", server.url("/")), SHORT);
            Probing.run(Map.of("url", "https://127.0.0.1:" + server.port() + "/"), SHORT);
        }
    }

    @Test
    void aClosedPortIsConnectRefused() throws Exception {
        int port;
        try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }

        long start = System.nanoTime();
        Report report = Probing.run("http://127.0.0.1:" + port + "/");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("of 20 s").isLessThan(Duration.ofSeconds(5));
        assertThat(report.cause()).contains(Cause.CONNECT_REFUSED);
        assertThat(report.message()).contains("127.0.0.1:" + port);
        assertThat(fact(report, "status")).isEqualTo(0L);
        assertThat(report.facts()).doesNotContainKey("tls_version");
        assertThat(report.evidence().getFirst().title()).isEqualTo("request (never sent)");
    }

    @Test
    void aConnectionThatIsNeverTakenIsConnectTimeoutAtTheDeadline() throws Exception {
        try (var full = new FullListener()) {
            long start = System.nanoTime();

            Report report = Probing.run(Map.of("url", "http://127.0.0.1:" + full.port() + "/"), SHORT);

            assertThat(report.cause()).as(report.toString()).contains(Cause.CONNECT_TIMEOUT);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT.minusMillis(2), SHORT.plusSeconds(2));
            assertThat(report.phases().get("connect")).isGreaterThan(Duration.ofMillis(400));
        }
    }

    @Test
    void aNameThatDoesNotExistIsACauseOfDns() throws Exception {
        Report report = Probing.run("http://nonexistent.invalid/");

        // without a resolver at hand the system says "temporary failure"
        assertThat(report.cause().orElseThrow())
                .isIn(Cause.DNS_NXDOMAIN, Cause.DNS_SERVFAIL, Cause.DNS_TIMEOUT);
        assertThat(report.message()).contains("nonexistent.invalid");
        assertThat(fact(report, "ip_protocol")).isEqualTo(0L);
    }

    @Test
    void aNameWithoutAnAddressOfTheWantedFamilyHasNoAddress() throws Exception {
        Report report = Probing.run("http://127.0.0.1:1/", Map.of("ip_family", "ip6"));

        assertThat(report.cause()).contains(Cause.DNS_NO_ADDRESS);
        assertThat(report.message()).isEqualTo("127.0.0.1 has no IPv6 address");
    }

    @Test
    void silenceIsResponseTimeoutThatNamesThePhase() throws Exception {
        try (Wire server = Wire.silent()) {
            long start = System.nanoTime();

            Report report = Probing.run(Map.of("url", server.url("/")), SHORT);

            assertThat(report.cause()).contains(Cause.RESPONSE_TIMEOUT);
            assertThat(report.message())
                    .matches("no response within 500ms; [0-9]+ms went to waiting for the response \\(processing\\)");
            // a timer of milliseconds may end one too early
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(SHORT.minusMillis(2), SHORT.plusSeconds(2));
        }
    }

    @Test
    void aHandshakeThatIsNotAnsweredIsResponseTimeoutInTls() throws Exception {
        try (Wire server = Wire.silent()) {
            Report report = Probing.run(Map.of("url", "https://127.0.0.1:" + server.port() + "/"), SHORT);

            assertThat(report.cause()).as(report.message()).contains(Cause.RESPONSE_TIMEOUT);
            assertThat(report.message()).contains("the TLS handshake (tls)");
        }
    }

    @Test
    void headersThenSilenceIsBodyTimeoutWithTheBytesRead() throws Exception {
        Wire[] server = new Wire[1];
        try (Wire stalling = Wire.answering((_, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789".getBytes(StandardCharsets.US_ASCII));
            server[0].stall();
        })) {
            server[0] = stalling;

            Report report = Probing.run(Map.of("url", stalling.url("/")), SHORT);

            assertThat(report.cause()).contains(Cause.BODY_TIMEOUT);
            assertThat(report.message())
                    .isEqualTo("the body was not complete within 500ms: 10 bytes of 100 bytes read");
            assertThat(fact(report, "status")).isEqualTo(200L);
            assertThat(fact(report, "body_bytes")).isEqualTo(10L);
        }
    }

    @Test
    void aShorterBodyThanAnnouncedIsTruncated() throws Exception {
        try (Wire server = Wire.saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + "x".repeat(50))) {
            Report report = Probing.run(server.url("/"));

            assertThat(report.cause()).contains(Cause.BODY_TRUNCATED);
            assertThat(report.message()).isEqualTo("the connection ended within the body: 50 bytes of 100 bytes read");
        }
    }

    @Test
    void chunksThatEndTooEarlyAreTruncated() throws Exception {
        try (Wire server = Wire.saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nwo")) {
            Report report = Probing.run(server.url("/"));

            assertThat(report.cause()).as(report.message()).contains(Cause.BODY_TRUNCATED);
        }
    }

    @Test
    void aGzippedBodyThatEndsTooEarlyIsTruncated() throws Exception {
        try (Wire server = Wire.answering((_, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3});
        })) {
            Report report = Probing.run(server.url("/"));

            assertThat(report.cause()).as(report.message()).contains(Cause.BODY_TRUNCATED);
        }
    }

    @Test
    void aResetWithinTheBodyIsConnectionReset() throws Exception {
        try (Wire server = Wire.answering((peer, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            reset(peer);
        })) {
            Report report = Probing.run(server.url("/"));

            assertThat(report.cause()).as(report.message()).contains(Cause.CONNECTION_RESET);
        }
    }

    @Test
    void aResetBeforeTheAnswerIsConnectionReset() throws Exception {
        try (Wire server = Wire.answering((peer, _) -> reset(peer))) {
            Report report = Probing.run(server.url("/"));

            assertThat(report.cause()).as(report.message()).contains(Cause.CONNECTION_RESET);
        }
    }

    @Test
    void aCloseBeforeTheAnswerIsConnectionReset() throws Exception {
        try (Wire server = Wire.answering((_, _) -> {})) {
            Report report = Probing.run(server.url("/"));

            assertThat(report.cause()).contains(Cause.CONNECTION_RESET);
            assertThat(report.message()).isEqualTo("the server closed the connection without a response");
        }
    }

    @Test
    void somethingElseThanHttpIsSaid() throws Exception {
        try (Wire server = Wire.saying("SSH-2.0-OpenSSH_9.9\r\n\r\n")) {
            Report report = Probing.run(server.url("/"));

            assertThat(report.cause()).as(report.message()).contains(Cause.HTTP_VERSION);
            assertThat(report.message()).startsWith("the answer is not HTTP").contains("SSH-2.0-OpenSSH_9.9");
        }
    }

    @Test
    void plainHttpOnATlsUrlIsTlsHandshake() throws Exception {
        try (Wire server = Wire.talking((_, out) -> {
            out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        })) {
            Report report = Probing.run("https://127.0.0.1:" + server.port() + "/");

            assertThat(report.cause()).as(report.message()).contains(Cause.TLS_HANDSHAKE);
        }
    }

    @Test
    void endlessHeadersAreCutOff() throws Exception {
        byte[] line = ("X-Filler: " + "x".repeat(1_000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Wire server = Wire.answering((_, out) -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 1_000_000; i++) {
                out.write(line);
            }
        })) {
            Report report = Probing.run(server.url("/"));

            assertThat(report.cause()).as(report.message()).contains(Cause.BODY_TOO_LARGE);
            assertThat(report.message()).isEqualTo("the response's headers are larger than 256 kB");
        }
    }

    @Test
    void oneEndlessHeaderLineIsCutOff() throws Exception {
        byte[] filler = "x".repeat(8_192).getBytes(StandardCharsets.US_ASCII);
        try (Wire server = Wire.answering((_, out) -> {
            out.write("HTTP/1.1 200 OK\r\nX-Long: ".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 100_000; i++) {
                out.write(filler);
            }
        })) {
            Report report = Probing.run(server.url("/"));

            assertThat(report.cause()).as(report.message()).contains(Cause.BODY_TOO_LARGE);
        }
    }

    @Test
    void aConnectionThatEndsWithinTheHeadersIsConnectionReset() throws Exception {
        try (Wire server = Wire.saying("HTTP/1.1 200 OK\r\nX-Half: yes")) {
            Report report = Probing.run(server.url("/"));

            assertThat(report.cause()).as(report.message()).contains(Cause.CONNECTION_RESET);
        }
    }

    @Test
    void anEndlessStreamOfInformationalAnswersEndsAtTheDeadline() throws Exception {
        byte[] early = "HTTP/1.1 103 Early Hints\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (Wire server = Wire.answering((_, out) -> {
            while (true) {
                out.write(early);
            }
        })) {
            long start = System.nanoTime();

            Report report = Probing.run(Map.of("url", server.url("/")), SHORT);

            assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusSeconds(2));
        }
    }

    @Test
    void aBodyThatTricklesEndsAtTheDeadline() throws Exception {
        try (var server = new MockWebServer()) {
            server.enqueue(new MockResponse.Builder()
                    .body("x".repeat(10_000))
                    .throttleBody(1, 5, TimeUnit.MILLISECONDS)
                    .build());
            server.start();
            long start = System.nanoTime();

            Report report = Probing.run(Map.of("url", server.url("/").toString()), SHORT);

            assertThat(report.cause()).contains(Cause.BODY_TIMEOUT);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT.minusMillis(2), SHORT.plusSeconds(2));
        }
    }

    @Test
    void aStatusBelowZeroIsNoHttp() throws Exception {
        try (Wire server = Wire.saying("HTTP/1.1 -02 Found\r\nContent-Length: 0\r\n\r\n")) {
            Report report = Probing.run(server.url("/"));

            assertThat(report.cause()).as(report.message()).contains(Cause.HTTP_VERSION);
        }
    }

    @Test
    void aLengthBelowZeroIsTheTargetsFault() throws Exception {
        try (Wire server = Wire.saying("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello")) {
            Report report = Probing.run(server.url("/"));

            assertThat(report.cause()).as(report.message()).contains(Cause.CONTENT_MISMATCH);
        }
    }

    @Test
    void aBodyUntilTheEndOfTheConnectionIsRead() throws Exception {
        try (Wire server = Wire.saying("HTTP/1.0 200 OK\r\n\r\nhello")) {
            Report report = Probing.run(server.url("/"), Map.of("expect", Map.of("body", "hello")));

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(fact(report, "content_length")).isEqualTo(-1L);
            assertThat(fact(report, "http_version")).isEqualTo(1L);
        }
    }

    @Test
    void theNextAddressIsTriedWhenOneRefuses() throws Exception {
        // localhost may be 127.0.0.1 and ::1; the server listens on one of them only
        try (Wire server = Wire.saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            Report report = Probing.run("http://localhost:" + server.port() + "/");

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void aRunLeavesNoConnectionBehind() throws Exception {
        var ended = new java.util.concurrent.CompletableFuture<Integer>();
        try (Wire server = Wire.answering((peer, out) -> {
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    ended.complete(peer.getInputStream().read());
                });
                Probe probe = Sections.probe(new HttpProbeType(), Map.of("url", server.url("/")))) {
            Runs.once(probe, Duration.ofSeconds(20));

            assertThat(ended.get(20, TimeUnit.SECONDS))
                    .as("end of stream")
                    .isEqualTo(-1);
        }
    }

    private static void reset(Socket peer) throws java.io.IOException {
        peer.setSoLinger(true, 0);
        peer.close();
    }

    /** A listener whose queue is full, so that the system drops further attempts as a firewall would. */
    private static final class FullListener implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> waiting = new ArrayList<>();

        FullListener() throws java.io.IOException {
            for (int i = 0; i < 20; i++) {
                var socket = new Socket();
                waiting.add(socket);
                try {
                    socket.connect(listener.getLocalSocketAddress(), 100);
                } catch (java.net.SocketTimeoutException _) {
                    return;
                }
            }
            throw new AssertionError("the queue of a listener never fills on this machine");
        }

        int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() throws java.io.IOException {
            for (Socket socket : waiting) {
                socket.close();
            }
            listener.close();
        }
    }
}
