package dev.gatewatch.probes.tls;

import static dev.gatewatch.probes.tls.Certificates.INTERMEDIATE;
import static dev.gatewatch.probes.tls.Certificates.NOW;
import static dev.gatewatch.probes.tls.Certificates.ROOT;
import static dev.gatewatch.probes.tls.Certificates.STRANGER;
import static dev.gatewatch.probes.tls.Certificates.chain;
import static dev.gatewatch.probes.tls.Certificates.serverFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.net.Resolver;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes with real servers on loopback, each with one thing wrong. */
class HandshakeTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final X509Certificate[] WITH_INTERMEDIATE = {INTERMEDIATE.certificate()};
    private static final TlsSettings TRUSTING = new TlsSettings(
            TrustAnchors.of(chain(ROOT)), Optional.empty(), Optional.empty(), false, TlsVersion.TLS12);

    private final Report.Builder report = Report.builder();

    @Test
    void aGoodServerIsSpokenToAndItsFactsAreKept() throws Exception {
        try (var server = TlsServer.presenting(serverFor(-60, 30), WITH_INTERMEDIATE)) {
            assertThat(failure(server, TRUSTING)).isEmpty();
        }
        Report told = report.build();
        assertThat(told.facts())
                .containsEntry("tls_version", Fact.of("TLS 1.3"))
                .containsEntry("cert_days_left", Fact.of(30))
                .containsEntry("cert_lifetime_left", Fact.of(0.333))
                .containsEntry("cert_chain_length", Fact.of(2))
                .containsEntry("cert_serial", Fact.of("0a0b0c"))
                .containsEntry("cert_subject", Fact.of("CN=Pay"))
                .containsEntry("cert_issuer", Fact.of("CN=Intermediate"))
                .containsEntry("cert_names", Fact.of("pay.example"))
                .containsEntry("cert_expiry", Fact.of((double) NOW.plus(Duration.ofDays(30)).getEpochSecond()))
                .containsEntry("cert_chain_expiry", Fact.of((double) NOW.plus(Duration.ofDays(30)).getEpochSecond()));
        assertThat(told.phases()).containsKey("tls");
        assertThat(ChainFacts.SPECS.stream().map(s -> s.name())).containsAll(told.facts().keySet().stream()
                .filter(name -> name.startsWith("cert_") || name.startsWith("tls_"))
                .toList());
    }

    @Test
    void theFactsOfABadChainSurviveTheHandshakeThatItEnds() throws Exception {
        try (var server = TlsServer.presenting(serverFor(-90, -3), WITH_INTERMEDIATE)) {
            assertThat(failure(server, TRUSTING).orElseThrow())
                    .isEqualTo(new Failure(
                            Cause.CERT_EXPIRED, "the certificate expired 3 days ago (2026-02-27 12:00 UTC)"));
        }
        assertThat(report.build().facts())
                .containsEntry("cert_days_left", Fact.of(-3))
                .containsKeys("cert_fingerprint_sha256", "tls_version", "tls_cipher");
    }

    @Test
    void insecureGoesOnWhateverTheChain() throws Exception {
        var insecure = new TlsSettings(
                TRUSTING.trust(), Optional.empty(), Optional.empty(), true, TlsVersion.TLS12);
        try (var server = TlsServer.presenting(Certificates.selfSigned())) {
            assertThat(failure(server, insecure)).isEmpty();
        }
        assertThat(report.build().facts()).containsKey("cert_expiry").doesNotContainKey("cert_chain_expiry");
    }

    @Test
    void theServerNameIsSentAndFound() throws Exception {
        HeldCertificate own = Certificates.unnamed().addSubjectAlternativeName("inner_name").build();
        var named = new TlsSettings(
                TRUSTING.trust(), Optional.empty(), Optional.of("inner_name"), false, TlsVersion.TLS12);
        try (var server = TlsServer.start(own, WITH_INTERMEDIATE, HandshakeTest::onlyForInnerName, LocalServer::drain)) {
            assertThat(failure(server, named)).isEmpty();
            assertThat(failure(server, TRUSTING).orElseThrow().cause()).isEqualTo(Cause.CERT_HOSTNAME);
        }
    }

    private static void onlyForInnerName(SSLServerSocket socket) {
        var parameters = socket.getSSLParameters();
        parameters.setSNIMatchers(List.of(javax.net.ssl.SNIHostName.createSNIMatcher("inner_name")));
        socket.setSSLParameters(parameters);
    }

    @Test
    void aNameThatTheServerDoesNotKnowIsSaidSo() throws Exception {
        var named = new TlsSettings(
                TRUSTING.trust(), Optional.empty(), Optional.of("other.example"), false, TlsVersion.TLS12);
        try (var server = TlsServer.start(
                serverFor(-60, 30), WITH_INTERMEDIATE, HandshakeTest::onlyForInnerName, LocalServer::drain)) {
            assertThat(failure(server, named).orElseThrow())
                    .isEqualTo(new Failure(
                            Cause.TLS_HANDSHAKE, "the server has no site of this name (unrecognized_name)"));
        }
    }

    @Test
    void noSharedCipherIsTlsCipher() throws Exception {
        HeldCertificate ec = serverFor(-60, 30);
        try (var server = TlsServer.start(
                ec,
                WITH_INTERMEDIATE,
                socket -> {
                    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                    // for RSA keys, and the server has an EC one
                    socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
                },
                LocalServer::drain)) {
            assertThat(failure(server, TRUSTING).orElseThrow().cause()).isEqualTo(Cause.TLS_CIPHER);
        }
    }

    @Test
    void aServerThatIsOlderThanTheMinimumIsTlsVersion() throws Exception {
        var modern =
                new TlsSettings(TRUSTING.trust(), Optional.empty(), Optional.empty(), false, TlsVersion.TLS13);
        try (var server = TlsServer.start(
                serverFor(-60, 30),
                WITH_INTERMEDIATE,
                socket -> socket.setEnabledProtocols(new String[] {"TLSv1.2"}),
                LocalServer::drain)) {
            assertThat(failure(server, modern).orElseThrow())
                    .isEqualTo(new Failure(
                            Cause.TLS_VERSION, "the server accepts no TLS version that we offer; offered: TLS 1.3"));
        }
    }

    @Test
    void aServerThatSpeaksOnlyTls11IsTlsVersion() throws Exception {
        // a ServerHello (RFC 4346) of TLS 1.1 with a suite of its time, as a server answers that knows nothing newer
        String random = "00".repeat(32);
        byte[] hello = HexFormat.of().parseHex("160302" + "002a" + "02000026" + "0302" + random + "00" + "c013" + "00");
        try (var server = answering(hello)) {
            assertThat(failure(server, TRUSTING).orElseThrow())
                    .isEqualTo(new Failure(
                            Cause.TLS_VERSION, "the server speaks only TLS 1.1; offered: TLS 1.2, TLS 1.3"));
        }
    }

    /** Fatal alerts by their number (RFC 8446 section 6). */
    @ParameterizedTest
    @CsvSource({
        "40, TLS_CIPHER",
        "46, TLS_HANDSHAKE",
        "47, TLS_HANDSHAKE",
        "70, TLS_VERSION",
        "71, TLS_CIPHER",
        "80, TLS_HANDSHAKE",
        "112, TLS_HANDSHAKE",
        "120, TLS_HANDSHAKE"
    })
    void anAlertInAnswerToTheFirstMessageIsTranslated(int alert, Cause cause) throws Exception {
        byte[] record = {21, 3, 3, 0, 2, 2, (byte) alert};
        try (var server = answering(record)) {
            Failure failure = failure(server, TRUSTING).orElseThrow();
            assertThat(failure.cause()).as(failure.message()).isEqualTo(cause);
            assertThat(failure.message()).startsWith("the server ").doesNotContain("xception");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH_10.0\r\n", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"})
    void aServerWithoutTlsIsSaidSo(String greeting) throws Exception {
        try (var server = answering(greeting.getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
            assertThat(failure(server, TRUSTING))
                    .contains(new Failure(Cause.TLS_HANDSHAKE, "the server answers without TLS on this port"));
        }
    }

    @Test
    void aResetInTheHandshakeIsAReset() throws Exception {
        try (var server = LocalServer.start(socket -> {
            awaitHello(socket);
            LocalServer.reset(socket);
        })) {
            assertThat(failure(server, TRUSTING))
                    .contains(new Failure(Cause.CONNECTION_RESET, "the server cut the connection in the TLS handshake"));
        }
    }

    @Test
    void aCloseInTheHandshakeIsAFailedHandshake() throws Exception {
        try (var server = LocalServer.start(HandshakeTest::awaitWholeHello)) {
            assertThat(failure(server, TRUSTING))
                    .contains(new Failure(
                            Cause.TLS_HANDSHAKE,
                            "the server closed the connection in the TLS handshake without saying why"));
        }
    }

    @Test
    void aSilentServerEndsTheHandshakeAtTheDeadline() throws Exception {
        try (var server = LocalServer.silent()) {
            Failure failure = failure(server, TRUSTING, Duration.ofMillis(150)).orElseThrow();
            assertThat(failure.cause()).isEqualTo(Cause.RESPONSE_TIMEOUT);
            assertThat(failure.message()).startsWith("the TLS handshake did not end within ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aMissingClientCertificateIsSaidSo(String version) throws Exception {
        try (var server = askingForClients(version)) {
            Failure failure = failure(server, TRUSTING).orElseThrow();
            assertThat(failure.cause()).as(failure.message()).isEqualTo(Cause.CLIENT_CERT_REQUIRED);
            assertThat(failure.message()).startsWith("the server asks for a client certificate");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientCertificateOfAnotherAuthorityIsRejected(String version) throws Exception {
        try (var server = askingForClients(version)) {
            Failure failure =
                    failure(server, as(Certificates.server().signedBy(STRANGER).build())).orElseThrow();
            assertThat(failure.cause()).as(failure.message()).isEqualTo(Cause.CLIENT_CERT_REJECTED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aGoodClientCertificateIsTaken(String version) throws Exception {
        try (var server = askingForClients(version)) {
            // the server judges by the real clock
            long now = System.currentTimeMillis();
            HeldCertificate client = Certificates.server()
                    .signedBy(ROOT)
                    .validityInterval(now - 3_600_000, now + 3_600_000)
                    .build();
            assertThat(failure(server, as(client))).isEmpty();
        }
    }

    private static TlsSettings as(HeldCertificate client) {
        var identity =
                new ClientIdentity(List.of(client.certificate()), client.keyPair().getPrivate());
        return new TlsSettings(
                TRUSTING.trust(), Optional.of(identity), Optional.empty(), false, TlsVersion.TLS12);
    }

    private static LocalServer askingForClients(String version) throws IOException {
        return TlsServer.start(
                serverFor(-60, 30),
                WITH_INTERMEDIATE,
                socket -> {
                    socket.setNeedClientAuth(true);
                    socket.setEnabledProtocols(new String[] {version});
                },
                LocalServer::drain);
    }

    /** Answers these bytes to the first message. */
    private static LocalServer answering(byte[] bytes) throws IOException {
        return LocalServer.start(socket -> {
            awaitWholeHello(socket);
            socket.getOutputStream().write(bytes);
            LocalServer.drain(socket);
        });
    }

    private static void awaitHello(Socket socket) throws IOException {
        socket.getInputStream().read();
    }

    /** Reads the first record in whole, as closing before would reset the connection. */
    private static void awaitWholeHello(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] header = in.readNBytes(5);
        in.readNBytes((header[3] & 0xFF) << 8 | (header[4] & 0xFF));
    }

    private Optional<Failure> failure(LocalServer server, TlsSettings settings) throws IOException {
        return failure(server, settings, AMPLE);
    }

    private Optional<Failure> failure(LocalServer server, TlsSettings settings, Duration timeout) throws IOException {
        var target = new HostPort("127.0.0.1", server.port());
        TlsRun run = settings.begin(target.host(), NOW);
        try (Connection connection = new Connector(Resolver.system(), dev.gatewatch.probes.net.TargetPolicy.STANDARD, dev.gatewatch.probes.net.IpFamily.ANY)
                .connect(target, Deadline.after(timeout), report)
                .orElseThrow()) {
            Handshake.Outcome outcome = Handshake.over(connection, run, report);
            Optional<SSLSocket> socket = outcome.socket();
            return socket.isPresent() ? Handshake.rejectionOnLeaving(socket.get(), connection, run) : outcome.failure();
        }
    }
}
