package dev.gatewatch.probes.tcp;

import static dev.gatewatch.probes.tls.Certificates.INTERMEDIATE;
import static dev.gatewatch.probes.tls.Certificates.NOW;
import static dev.gatewatch.probes.tls.Certificates.ROOT;
import static dev.gatewatch.probes.tls.Certificates.serverFor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Blackhole;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.tls.Certificates;
import dev.gatewatch.probes.tls.TlsServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TcpProbeTest extends ProbeContractTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final X509Certificate[] WITH_INTERMEDIATE = {INTERMEDIATE.certificate()};

    private final List<LocalServer> servers = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void stopServers() throws IOException {
        for (LocalServer server : servers) {
            server.close();
        }
    }

    @Override
    protected ProbeType type() {
        return new TcpProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws Exception {
        return Map.of(
                "target",
                serve(TcpProbeTest::mail),
                "dialogue",
                List.of(
                        Map.of("expect", "^220 .*ready", "send", "EHLO gatewatch\r\n"),
                        Map.of("expect", "^250 OK", "send", "QUIT\r\n"),
                        Map.of("expect", "^221")));
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        String server = serve(socket -> socket.getOutputStream().write("500 closing\r\n".getBytes(UTF_8)));
        return Map.of("target", server, "dialogue", List.of(Map.of("expect", "^220")));
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        return Map.of("target", "127.0.0.1:" + LocalServer.closedPort());
    }

    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        return Optional.of(Map.of("target", serve(LocalServer::drain), "dialogue", List.of(Map.of("expect", "."))));
    }

    @Override
    protected Optional<Map<String, Object>> withSecret(Secret secret) throws Exception {
        return Optional.of(Map.of(
                "target",
                serve(TcpProbeTest::echo),
                "dialogue",
                List.of(Map.of("send", secret), Map.of("expect", "welcome"))));
    }

    /** Greets in several segments, then answers each line. */
    private static void mail(Socket socket) throws IOException {
        var out = socket.getOutputStream();
        for (String part : List.of("2", "20 mail.ex", "ample re", "ady\r", "\n")) {
            out.write(part.getBytes(UTF_8));
            out.flush();
        }
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.write((line.startsWith("QUIT") ? "221 Bye\r\n" : "250-mail.example\r\n250 OK\r\n").getBytes(UTF_8));
        }
    }

    private static void echo(Socket socket) throws IOException {
        byte[] buffer = new byte[1_024];
        for (int n = socket.getInputStream().read(buffer); n >= 0; n = socket.getInputStream().read(buffer)) {
            socket.getOutputStream().write(buffer, 0, n);
            socket.shutdownOutput();
        }
    }

    @Test
    void aPortThatTakesConnectionsPasses() throws Exception {
        Report report = probe(AMPLE, Map.of("target", serve(LocalServer::drain)));

        assertThat(report.outcome()).isEqualTo(Outcome.PASS);
        assertThat(report.phases()).containsOnlyKeys("resolve", "connect");
        assertThat(report.facts())
                .containsEntry("ip_protocol", Fact.of(4))
                .containsEntry("address", Fact.of("127.0.0.1"))
                .containsKeys("dns_lookup_time", "address_hash");
    }

    @Test
    void aClosedPortIsConnectRefused() throws Exception {
        int port = LocalServer.closedPort();

        Report report = probe(AMPLE, Map.of("target", "127.0.0.1:" + port));

        assertThat(report.cause()).contains(Cause.CONNECT_REFUSED);
        assertThat(report.message())
                .isEqualTo("127.0.0.1:" + port + " refused the connection: nothing listens on the port");
    }

    @Test
    void aPortThatDropsAttemptsIsConnectTimeoutAtTheDeadline() throws Exception {
        try (var hole = new Blackhole()) {
            Report report = probe(SHORT, Map.of("target", "127.0.0.1:" + hole.port()));

            assertThat(report.cause()).contains(Cause.CONNECT_TIMEOUT);
            assertThat(report.message()).contains("did not answer the connection attempt within");
        }
    }

    @Test
    void aRunSlowerThanItsBoundIsDegraded() throws Exception {
        Report report = probe(
                AMPLE,
                Map.of(
                        "target",
                        serve(TcpProbeTest::answerAfterALongLook),
                        "dialogue",
                        List.of(Map.of("expect", "done", "expect_in", "stream")),
                        "expect",
                        Map.of("latency", "1ms")));

        assertThat(report.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(report.cause()).contains(Cause.LATENCY_HIGH);
        assertThat(report.message()).endsWith(", more than 1ms");
    }

    /** Keeps its client waiting for 2 ms at least. */
    private static void answerAfterALongLook(Socket socket) throws IOException {
        long until = System.nanoTime() + 2_000_000;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        socket.getOutputStream().write("done".getBytes(UTF_8));
        LocalServer.drain(socket);
    }

    @Test
    void anUnexpectedGreetingIsQuoted() throws Exception {
        String server = serve(socket -> {
            socket.getOutputStream().write("500 out of order\r\n".getBytes(UTF_8));
            LocalServer.drain(socket);
        });

        Report report = probe(SHORT, Map.of("target", server, "dialogue", List.of(Map.of("expect", "^220"))));

        assertThat(report.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(report.message())
                .isEqualTo("expected /^220/ within 200ms in step 1 of the dialogue, got: 500 out of order");
        assertThat(report.facts()).containsEntry("failed_due_to_regex", Fact.of(false));
    }

    @Test
    void aPeerThatClosesWithoutAWordIsAReset() throws Exception {
        Report report =
                probe(AMPLE, Map.of("target", serve(_ -> {}), "dialogue", List.of(Map.of("expect", "^220"))));

        assertThat(report.cause()).contains(Cause.CONNECTION_RESET);
        assertThat(report.facts()).containsEntry("failed_due_to_regex", Fact.of(true));
    }

    @Test
    void aPeerThatResetsIsAReset() throws Exception {
        Report report = probe(
                AMPLE,
                Map.of("target", serve(LocalServer::reset), "dialogue", List.of(Map.of("expect", "^220"))));

        assertThat(report.cause()).contains(Cause.CONNECTION_RESET);
    }

    @Test
    void aPeerThatNeverStopsTalkingIsCutOff() throws Exception {
        String server = serve(socket -> {
            while (true) {
                socket.getOutputStream().write("blah\n".repeat(1_000).getBytes(UTF_8));
            }
        });

        Report report = probe(AMPLE, Map.of("target", server, "dialogue", List.of(Map.of("expect", "^220"))));

        assertThat(report.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(report.message()).contains("within 64 kB");
    }

    @Test
    void tlsIsSpokenFromTheFirstByte() throws Exception {
        String server = tlsServer(socket -> {
            socket.getOutputStream().write("hello inside\n".getBytes(UTF_8));
            LocalServer.drain(socket);
        });

        Report report =
                probe(AMPLE, Map.of("target", server, "tls", trust(), "dialogue", List.of(Map.of("expect", "inside$"))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.phases()).containsOnlyKeys("resolve", "connect", "tls", "dialogue");
        assertThat(report.facts()).containsEntry("tls_version", Fact.of("TLS 1.3"));
    }

    @Test
    void aChainThatTheRuntimeDoesNotTrustFailsBeforeAnythingIsSent() throws Exception {
        Report report = probe(AMPLE, Map.of("target", tlsServer(LocalServer::drain), "tls", true));

        assertThat(report.cause()).contains(Cause.CERT_UNTRUSTED);
        assertThat(report.facts()).containsKey("cert_expiry");
    }

    @Test
    void startTlsSwitchesAfterItsStepAndForgetsWhatCameInClear() throws Exception {
        Map<String, Object> config = Map.of(
                "target",
                serve(this::startTls),
                "tls",
                trust(),
                "dialogue",
                List.of(
                        Map.of("expect", "^220", "send", "STARTTLS\r\n"),
                        Map.of("expect", "^220 go", "starttls", true),
                        Map.of("expect", "^250 secured")));

        Report report = probe(AMPLE, config);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts()).containsKeys("tls_version", "cert_days_left");
    }

    private void startTls(Socket socket) throws Exception {
        socket.getOutputStream().write("220 hello\r\n".getBytes(UTF_8));
        byte[] wanted = socket.getInputStream().readNBytes("STARTTLS\r\n".length());
        assertThat(new String(wanted, UTF_8)).isEqualTo("STARTTLS\r\n");
        socket.getOutputStream().write("220 go\r\n".getBytes(UTF_8));
        SSLSocketFactory factory = new HandshakeCertificates.Builder()
                .heldCertificate(serverFor(-60, 30), WITH_INTERMEDIATE)
                .build()
                .sslContext()
                .getSocketFactory();
        var secured = (SSLSocket) factory.createSocket(socket, null, socket.getPort(), true);
        secured.setUseClientMode(false);
        secured.getOutputStream().write("250 secured\r\n".getBytes(UTF_8));
        LocalServer.drain(secured);
    }

    @Test
    void aClientCertificateThatIsMissingIsSaidSo() throws Exception {
        var server = TlsServer.start(
                serverFor(-60, 30), WITH_INTERMEDIATE, socket -> socket.setNeedClientAuth(true), LocalServer::drain);
        servers.add(server);

        Report quiet = probe(AMPLE, Map.of("target", server.address(), "tls", trust()));
        Report talking = probe(
                AMPLE,
                Map.of("target", server.address(), "tls", trust(), "dialogue", List.of(Map.of("expect", "^220"))));

        assertThat(quiet.cause()).contains(Cause.CLIENT_CERT_REQUIRED);
        assertThat(talking.cause()).contains(Cause.CLIENT_CERT_REQUIRED);
    }

    @Test
    void theCommandLinesFormIsTheTarget() {
        assertThat(type().adHoc("tcp:pay.example:443")).contains(Map.of("target", "pay.example:443"));
        assertThat(type().adHoc("tls:pay.example:443")).isEmpty();
    }

    @Test
    void aWrongConfigurationIsSaidSo() {
        assertProblem(Map.of("target", "pay.example"), "expected host:port, or unix:/path");
        assertProblem(Map.of("target", "a:1", "tls", "yes"), "tls: expected true or false, found \"yes\"");
        assertProblem(Map.of("target", "a:1", "tls", List.of()), "tls: expected true, false, or a mapping");
        assertProblem(Map.of("target", "a:1", "dialogue", List.of(Map.of())), "dialogue[0]: a step expects, sends");
        assertProblem(Map.of("target", "a:1", "dialogue", List.of(Map.of("expect", "("))), "not a regular expression");
        assertProblem(Map.of("target", "a:1", "expect", Map.of("latncy", "1s")), "did you mean \"latency\"?");
        Map<String, Object> startTls = Map.of("starttls", true);
        assertProblem(Map.of("target", "a:1", "dialogue", List.of(startTls, startTls)), "two steps say starttls");
    }

    private void assertProblem(Map<String, Object> config, String part) {
        assertThat(Sections.problems(type(), config)).singleElement().asString().contains(part);
    }

    private Map<String, Object> trust() throws IOException {
        return Map.of("trust", Certificates.write(folder, "ca.pem", ROOT.certificatePem()));
    }

    private Report probe(Duration timeout, Map<String, Object> config) throws Exception {
        try (Probe probe = Sections.probe(type(), config)) {
            return probe.run(Runs.run(timeout, new FakeClock(NOW)));
        }
    }

    private String serve(LocalServer.Talk talk) throws IOException {
        var server = LocalServer.start(talk);
        servers.add(server);
        return server.address();
    }

    private String tlsServer(LocalServer.Talk talk) throws IOException {
        var server = TlsServer.start(serverFor(-60, 30), WITH_INTERMEDIATE, _ -> {}, talk);
        servers.add(server);
        return server.address();
    }
}
