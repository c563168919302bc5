package dev.gatewatch.probes.http;

import static dev.gatewatch.probes.http.Probing.fact;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What certificates and handshakes do to a run. */
final class HttpTlsTest {
    private static final HeldCertificate CA =
            new HeldCertificate.Builder().certificateAuthority(0).commonName("Test CA").build();

    private final MockWebServer server = new MockWebServer();

    @TempDir
    Path files;

    private Path ca;

    @BeforeEach
    void writeCa() throws IOException {
        ca = Files.writeString(files.resolve("ca.pem"), CA.certificatePem());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aTrustedChainPassesOverHttp2WithItsFacts() throws Exception {
        serve(leaf(b -> b));
        server.enqueue(new MockResponse.Builder().body("ok").build());

        Report report = probe("localhost", Map.of());

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(report, "ssl")).isEqualTo(true);
        assertThat(fact(report, "http_version")).isEqualTo(2L);
        assertThat(fact(report, "tls_version")).isEqualTo("TLS 1.3");
        assertThat(report.facts()).containsKeys("cert_expiry", "cert_fingerprint_sha256");
        assertThat(report.phases().get("tls")).isPositive();
    }

    @Test
    void thePhasesTakeNoLongerTogetherThanTheRun() throws Exception {
        serve(leaf(b -> b));
        server.enqueue(new MockResponse.Builder().body("ok").build());

        long start = System.nanoTime();
        Report report = probe("localhost", Map.of());
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(report.phases()).containsOnlyKeys("resolve", "connect", "tls", "processing", "transfer");
        assertThat(report.phases().values().stream().reduce(Duration.ZERO, Duration::plus))
                .isPositive()
                .isLessThanOrEqualTo(took);
    }

    @Test
    void onlyHttp11IsOfferedWhereItIsSaid() throws Exception {
        serve(leaf(b -> b));
        server.enqueue(new MockResponse.Builder().body("ok").build());

        Report report = probe("localhost", Map.of("http_version", 1.1));

        assertThat(fact(report, "http_version")).isEqualTo(1.1);
    }

    @Test
    void aServerWithoutHttp2FailsWhereOnlyThatIsOffered() throws Exception {
        server.setProtocols(List.of(Protocol.HTTP_1_1));
        serve(leaf(b -> b));
        server.enqueue(new MockResponse.Builder().body("ok").build());

        Report report = probe("localhost", Map.of("http_version", 2));

        assertThat(report.cause()).as(report.toString()).contains(Cause.HTTP_VERSION);
    }

    @Test
    void http2WorksWithoutTlsByPriorKnowledge() throws Exception {
        server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        server.enqueue(new MockResponse.Builder().body("ok").build());
        server.start();

        Report report = Probing.run(server.url("/").toString(), Map.of("http_version", 2));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(report, "http_version")).isEqualTo(2L);
    }

    @Test
    void anExpiredCertificateIsNamedAndItsFactsKept() throws Exception {
        long now = System.currentTimeMillis();
        serve(leaf(b -> b.validityInterval(now - 20 * 86_400_000L, now - 86_400_000L)));

        Report report = probe("localhost", Map.of());

        assertThat(report.cause()).as(report.toString()).contains(Cause.CERT_EXPIRED);
        assertThat(Probing.evidence(report)).contains("certificate chain", "CN=gateway");
        assertThat(report.facts()).containsKeys("cert_expiry", "cert_subject", "tls_version");
        assertThat(fact(report, "status")).isEqualTo(0L);
    }

    @Test
    void aChainOfAnUnknownAuthorityIsUntrusted() throws Exception {
        serve(leaf(b -> b));

        Report report = Probing.run(url("localhost"));

        assertThat(report.cause()).as(report.toString()).contains(Cause.CERT_UNTRUSTED);
    }

    @Test
    void aSelfSignedCertificateIsNamed() throws Exception {
        serve(new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build());

        Report report = probe("localhost", Map.of());

        assertThat(report.cause()).as(report.toString()).contains(Cause.CERT_SELF_SIGNED);
    }

    @Test
    void aCertificateForAnotherHostIsNamed() throws Exception {
        serve(leaf(b -> b));

        Report report = probe("127.0.0.1", Map.of());

        assertThat(report.cause()).as(report.toString()).contains(Cause.CERT_HOSTNAME);
    }

    @Test
    void theServerNameIsSentAndFoundInTheCertificate() throws Exception {
        serve(new HeldCertificate.Builder()
                .signedBy(CA)
                .addSubjectAlternativeName("pay.example")
                .build());
        server.enqueue(new MockResponse.Builder().body("ok").build());

        Report report = probe("127.0.0.1", Map.of("server_name", "pay.example"));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(server.takeRequest().getHandshakeServerNames()).containsExactly("pay.example");
    }

    @Test
    void insecureGoesOnAndStillReportsFacts() throws Exception {
        serve(new HeldCertificate.Builder().build());
        server.enqueue(new MockResponse.Builder().body("ok").build());

        Report report = probe("127.0.0.1", Map.of("insecure", true));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts()).containsKey("cert_expiry");
    }

    @Test
    void aMissingClientCertificateIsNamed() throws Exception {
        server.requireClientAuth();
        serve(leaf(b -> b));

        Report report = probe("localhost", Map.of("http_version", 1.1));

        assertThat(report.cause()).as(report.toString()).contains(Cause.CLIENT_CERT_REQUIRED);
    }

    @Test
    void aClientCertificateIsSentHomeAndNowhereElse() throws Exception {
        HeldCertificate client = new HeldCertificate.Builder().signedBy(CA).commonName("probe").build();
        Path cert = Files.writeString(files.resolve("client.pem"), client.certificatePem());
        Path key = Files.writeString(files.resolve("client.key"), client.privateKeyPkcs8Pem());
        HeldCertificate leaf = leaf(b -> b);
        try (var other = new MockWebServer()) {
            other.useHttps(certificates(leaf).sslSocketFactory());
            other.requestClientAuth();
            other.enqueue(new MockResponse.Builder().body("ok").build());
            other.start();
            server.requireClientAuth();
            server.enqueue(new MockResponse.Builder()
                    .code(302)
                    .setHeader("Location", other.url("/").toString())
                    .build());
            serve(leaf);

            Report report = probe("localhost", Map.of("cert", cert.toString(), "key", key.toString()));

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            RecordedRequest home = server.takeRequest();
            assertThat(home.getHandshake().peerCertificates()).isNotEmpty();
            assertThat(other.takeRequest().getHandshake().peerCertificates()).isEmpty();
        }
    }

    @Test
    void noSessionIsResumed() throws Exception {
        serve(leaf(b -> b));
        var config = new HashMap<String, Object>(Map.of("url", url("localhost"), "tls", Map.of("trust", ca.toString())));
        try (var probe = dev.gatewatch.kit.Sections.probe(new HttpProbeType(), config)) {
            for (int i = 0; i < 3; i++) {
                server.enqueue(new MockResponse.Builder().body("ok").build());

                Report report = dev.gatewatch.kit.Runs.once(probe, Duration.ofSeconds(20));

                // a resumed session presents no chain
                assertThat(report.facts()).containsKey("cert_chain_length");
                assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            }
        }
    }

    private static HeldCertificate leaf(UnaryOperator<HeldCertificate.Builder> more) {
        return more.apply(new HeldCertificate.Builder()
                        .signedBy(CA)
                        .commonName("gateway")
                        .addSubjectAlternativeName("localhost"))
                .build();
    }

    private static HandshakeCertificates certificates(HeldCertificate leaf) {
        return new HandshakeCertificates.Builder()
                .heldCertificate(leaf)
                .addTrustedCertificate(CA.certificate())
                .build();
    }

    private void serve(HeldCertificate leaf) throws IOException {
        server.useHttps(certificates(leaf).sslSocketFactory());
        server.start();
    }

    private String url(String host) {
        return "https://" + host + ":" + server.getPort() + "/";
    }

    /** With the test's own CA trusted. */
    private Report probe(String host, Map<String, ?> more) throws Exception {
        var config = new HashMap<String, Object>(more);
        var tls = new HashMap<String, Object>(Map.of("trust", ca.toString()));
        for (String key : List.of("server_name", "insecure", "cert", "key")) {
            if (config.containsKey(key)) {
                tls.put(key, config.remove(key));
            }
        }
        config.put("tls", tls);
        return Probing.run(url(host), config);
    }
}
