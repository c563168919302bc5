package dev.gatewatch.probes.certificate;

import static dev.gatewatch.probes.tls.Certificates.INTERMEDIATE;
import static dev.gatewatch.probes.tls.Certificates.NOW;
import static dev.gatewatch.probes.tls.Certificates.ROOT;
import static dev.gatewatch.probes.tls.Certificates.serverFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.tls.Certificates;
import dev.gatewatch.probes.tls.TlsServer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateProbeTest extends ProbeContractTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);
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
        return new CertificateProbeType();
    }

    /** The contract's runs go by the real clock. */
    @Override
    protected Map<String, Object> passing() throws Exception {
        long now = System.currentTimeMillis();
        HeldCertificate authority = authority(now);
        HeldCertificate own = new HeldCertificate.Builder()
                .addSubjectAlternativeName("127.0.0.1")
                .signedBy(authority)
                .validityInterval(now - 1_000_000, now + Duration.ofDays(90).toMillis())
                .build();
        return config(serve(TlsServer.presenting(own)), authority, Map.of());
    }

    private static HeldCertificate authority(long now) {
        return new HeldCertificate.Builder()
                .certificateAuthority(0)
                .validityInterval(now - 1_000_000, now + Duration.ofDays(900).toMillis())
                .build();
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        return config(serve(TlsServer.presenting(Certificates.selfSigned())), ROOT, Map.of());
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        return Map.of("target", "127.0.0.1:" + LocalServer.closedPort());
    }

    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        return Optional.of(Map.of("target", serve(LocalServer.silent()).address()));
    }

    @Test
    void aGoodChainPassesWithItsFactsAndItsCertificatesInOrder() throws Exception {
        Report report = probe(TlsServer.presenting(serverFor(-60, 30), WITH_INTERMEDIATE), Map.of());

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.phases()).containsOnlyKeys("resolve", "connect", "tls");
        assertThat(report.facts())
                .containsEntry("cert_days_left", Fact.of(30))
                .containsEntry("ip_protocol", Fact.of(4))
                .containsEntry("address", Fact.of("127.0.0.1"));
        assertThat(report.evidence())
                .containsExactly(new Evidence(
                        "certificate chain",
                        """
                        CN=Pay, issued by CN=Intermediate, valid 2026-01-01 12:00 UTC to 2026-04-01 12:00 UTC, \
                        for pay.example 127.0.0.1
                        CN=Intermediate, issued by CN=Root, valid 2016-03-04 12:00 UTC to 2036-02-28 12:00 UTC"""));
    }

    @Test
    void anExpiredCertificateFailsAndItsFactsAreThere() throws Exception {
        Report report = probe(TlsServer.presenting(serverFor(-90, -3), WITH_INTERMEDIATE), Map.of());

        assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(report.cause()).contains(Cause.CERT_EXPIRED);
        assertThat(report.facts())
                .containsEntry("cert_expiry", Fact.of((double) NOW.minus(Duration.ofDays(3)).getEpochSecond()))
                .containsEntry("cert_days_left", Fact.of(-3))
                .containsKeys("cert_fingerprint_sha256", "tls_version");
    }

    @Test
    void allFaultsAreToldTheFirstToMendFirst() throws Exception {
        Report report = probe(
                TlsServer.presenting(serverFor(-90, -3), WITH_INTERMEDIATE), Map.of("server_name", "shop.example"));

        assertThat(report.cause()).contains(Cause.CERT_EXPIRED);
        assertThat(report.evidence())
                .contains(new Evidence(
                        "also", "cert_hostname: the certificate is for pay.example, 127.0.0.1, not for shop.example"));
    }

    @Test
    void faultsThatNeverEndTheHandshakeAreToldToo() throws Exception {
        assertThat(probe(TlsServer.presenting(serverFor(2, 90), WITH_INTERMEDIATE), Map.of())
                        .cause())
                .contains(Cause.CERT_NOT_YET_VALID);
        assertThat(probe(TlsServer.presenting(serverFor(-60, 30)), Map.of()).cause())
                .contains(Cause.CERT_UNTRUSTED);
        assertThat(probe(TlsServer.presenting(Certificates.selfSigned()), Map.of())
                        .cause())
                .contains(Cause.CERT_SELF_SIGNED);
        Report weak = probe(TlsServer.presenting(Certificates.weakKey(), WITH_INTERMEDIATE), Map.of());
        assertThat(weak.cause()).as(weak.toString()).contains(Cause.CERT_WEAK);
        assertThat(weak.facts()).containsKey("tls_cipher");
    }

    @Test
    void aChainThatEndsSoonIsDegraded() throws Exception {
        HeldCertificate own = serverFor(-60, 5);

        Report early = probe(TlsServer.presenting(own, WITH_INTERMEDIATE), Map.of());
        Report calm = probe(TlsServer.presenting(own, WITH_INTERMEDIATE), Map.of("degraded_within", "4d"));

        assertThat(early.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(early.cause()).contains(Cause.CERT_EXPIRING);
        assertThat(early.message()).isEqualTo("the certificate chain ends in 5 days (2026-03-07 12:00 UTC)");
        assertThat(calm.outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aServerThatAsksForAClientCertificateHasShownItsOwn() throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            Report report = probe(
                    TlsServer.start(
                            serverFor(-60, 30),
                            WITH_INTERMEDIATE,
                            socket -> {
                                socket.setNeedClientAuth(true);
                                socket.setEnabledProtocols(new String[] {version});
                            },
                            LocalServer::drain),
                    Map.of());

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(report.facts()).containsKey("cert_days_left");
        }
    }

    @Test
    void aServerThatIsOlderThanTheMinimumIsTlsVersion() throws Exception {
        Report report = probe(
                TlsServer.start(
                        serverFor(-60, 30),
                        WITH_INTERMEDIATE,
                        socket -> socket.setEnabledProtocols(new String[] {"TLSv1.2"}),
                        LocalServer::drain),
                Map.of("min_version", "TLS13"));

        assertThat(report.cause()).contains(Cause.TLS_VERSION);
    }

    @Test
    void theCommandLinesFormIsTheTarget() {
        assertThat(type().adHoc("tls:pay.example:8443")).contains(Map.of("target", "pay.example:8443"));
        assertThat(type().adHoc("tcp:pay.example:8443")).isEmpty();
    }

    @Test
    void aWrongConfigurationIsSaidSo() throws IOException {
        Path text = Certificates.write(folder, "text.pem", "hello");

        assertThat(Sections.problems(type(), Map.of("target", "pay.example:99999")))
                .singleElement()
                .asString()
                .contains("target: expected host or host:port");
        assertThat(Sections.problems(type(), Map.of("trust", text, "target", "pay.example")))
                .singleElement()
                .asString()
                .contains("text.pem is not a PEM file");
    }

    private Report probe(LocalServer server, Map<String, Object> more) throws Exception {
        serve(server);
        try (Probe probe = Sections.probe(type(), config(server, ROOT, more))) {
            return probe.run(Runs.run(AMPLE, new FakeClock(NOW)));
        }
    }

    private LocalServer serve(LocalServer server) {
        servers.add(server);
        return server;
    }

    private Map<String, Object> config(LocalServer server, HeldCertificate trust, Map<String, Object> more)
            throws IOException {
        var config = new HashMap<String, Object>(more);
        config.put("target", server.address());
        config.put("trust", Certificates.write(folder, "ca.pem", trust.certificatePem()));
        return config;
    }
}
