package dev.gatewatch.probes.nameserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.tls.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** DNS over TLS and HTTPS: Unbound serves both; what no real server does is played by MockWebServer. */
class EncryptedTest {
    private static final Duration AMPLE = Duration.ofSeconds(10);

    @TempDir
    private static Path folder;

    private static DnsServers.Running authority;
    private static DnsServers.Running unbound;
    private static int tlsPort;
    private static int httpsPort;
    private static HeldCertificate certificate;
    private static Path trust;

    @BeforeAll
    static void start() throws Exception {
        certificate = new HeldCertificate.Builder()
                .commonName("resolver.example")
                .addSubjectAlternativeName("resolver.example")
                .addSubjectAlternativeName("127.0.0.1")
                .build();
        trust = Files.writeString(folder.resolve("cert.pem"), certificate.certificatePem());
        Path key = Files.writeString(folder.resolve("key.pem"), certificate.privateKeyPkcs8Pem());
        Path zone = Files.writeString(folder.resolve("pay.zone"), """
                $TTL 60
                @ SOA ns1 hostmaster 1 2 3 4 5
                @ NS ns1
                ns1 A 127.0.0.1
                gateway A 203.0.113.10
                """);
        authority = DnsServers.bind(folder, DnsServers.freePort("127.0.0.1"), Map.of("pay.example", zone));
        tlsPort = DnsServers.freePort("127.0.0.1");
        httpsPort = DnsServers.freePort("127.0.0.1");
        unbound = DnsServers.unbound(
                folder,
                DnsServers.freePort("127.0.0.1"),
                authority,
                "pay.example",
                "interface: 127.0.0.1@" + tlsPort,
                "interface: 127.0.0.1@" + httpsPort,
                "tls-port: " + tlsPort,
                "https-port: " + httpsPort,
                "tls-service-pem: \"" + trust + "\"",
                "tls-service-key: \"" + key + "\"");
    }

    @AfterAll
    static void stop() {
        for (DnsServers.Running server : new DnsServers.Running[] {unbound, authority}) {
            if (server != null) {
                server.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls://127.0.0.1:%d", "https://127.0.0.1:%d/dns-query", "https://127.0.0.1:%d/dns-query{?dns}"})
    void unboundAnswersInEachWay(String form) throws Exception {
        Reply.Answer answer = answer(ask(form.formatted(form.startsWith("tls") ? tlsPort : httpsPort), trusting()));

        assertThat(answer.message().getSection(Section.ANSWER))
                .singleElement()
                .satisfies(r -> assertThat(r.rdataToString()).isEqualTo("203.0.113.10"));
        assertThat(answer.timing().tls()).isPositive();
        assertThat(answer.timing().connect()).isPositive();
        assertThat(answer.timing().request()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls://127.0.0.1:%d", "https://127.0.0.1:%d/dns-query"})
    void aCertificateOfAStrangerIsNotTrusted(String form) throws Exception {
        Failure failure = failure(
                ask(form.formatted(form.startsWith("tls") ? tlsPort : httpsPort), TlsSettings.standard()));

        assertThat(failure.cause()).isEqualTo(Cause.CERT_SELF_SIGNED);
    }

    @Test
    void theCertificatesNameCanBeSaidBesideTheAddress() throws Exception {
        answer(ask("tls://127.0.0.1:" + tlsPort + "#resolver.example", trusting()));

        assertThat(failure(ask("tls://127.0.0.1:" + tlsPort + "#other.example", trusting())).cause())
                .isEqualTo(Cause.CERT_HOSTNAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls://127.0.0.1:%d", "https://127.0.0.1:%d/dns-query"})
    void aServerWithoutTlsIsToldAsSuch(String form) throws Exception {
        Failure failure = failure(ask(form.formatted(authority.port()), trusting(), Duration.ofMillis(700)));

        assertThat(failure.cause()).isIn(Cause.TLS_HANDSHAKE, Cause.CONNECTION_RESET, Cause.RESPONSE_TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls://127.0.0.1:%d", "https://127.0.0.1:%d/dns-query"})
    void nobodyListeningIsRefused(String form) throws Exception {
        assertThat(failure(ask(form.formatted(DnsServers.freePort("127.0.0.1")), trusting())).cause())
                .isEqualTo(Cause.CONNECT_REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls://127.0.0.1:%d", "https://127.0.0.1:%d/dns-query"})
    void aServerThatTakesTheConnectionAndNeverSpeaksEndsByTheDeadline(String form) throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var deadline = Deadline.after(Duration.ofMillis(300));
            NameServer server = NameServer.parse(form.formatted(silent.getLocalPort())).orElseThrow();

            Reply reply = Asking.ask(server, query(), access(trusting()), deadline, Instant.now());

            assertThat(failure(reply).cause()).isEqualTo(Cause.RESPONSE_TIMEOUT);
            assertThat(deadline.elapsed()).isLessThan(Duration.ofSeconds(2));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void bothVersionsOfHttpWork(Protocol protocol) throws Exception {
        try (MockWebServer server = https(protocol)) {
            server.setDispatcher(new mockwebserver3.Dispatcher() {
                @Override
                public MockResponse dispatch(RecordedRequest request) {
                    return dns(answer(request));
                }
            });

            Reply.Answer answer = answer(ask(url(server, "/q?team=a"), trusting()));

            assertThat(answer.message().getRcode()).isEqualTo(Rcode.NXDOMAIN);
            RecordedRequest request = server.takeRequest();
            assertThat(request.getMethod()).isEqualTo("POST");
            assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/dns-message");
            assertThat(request.getTarget()).isEqualTo("/q?team=a");
        }
    }

    @Test
    void aGetCarriesTheQuestionInTheUrl() throws Exception {
        try (MockWebServer server = https(Protocol.HTTP_1_1)) {
            server.enqueue(new MockResponse.Builder().code(503).build());

            ask(url(server, "/q{?dns}"), trusting());

            // RFC 8484 section 4.1.1: base64url without padding, id 0
            assertThat(server.takeRequest().getTarget()).startsWith("/q?dns=AAAB").doesNotContain("=A=");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "429, RATE_LIMITED, it answers HTTP 429 instead of a DNS message",
        "403, DNS_REFUSED, it answers HTTP 403 instead of a DNS message",
        "404, DNS_SERVFAIL, it answers HTTP 404 instead of a DNS message",
        "302, DNS_SERVFAIL, it answers HTTP 302 instead of a DNS message",
    })
    void anHttpErrorHasItsCause(int status, Cause cause, String message) throws Exception {
        try (MockWebServer server = https(Protocol.HTTP_1_1)) {
            server.enqueue(new MockResponse.Builder().code(status).addHeader("Location", "https://127.0.0.1/").build());

            assertThat(failure(ask(url(server, "/q"), trusting()))).isEqualTo(new Failure(cause, message));
        }
    }

    @Test
    void aPageInsteadOfAnAnswerIsNotRead() throws Exception {
        try (MockWebServer server = https(Protocol.HTTP_1_1)) {
            server.enqueue(new MockResponse.Builder().addHeader("Content-Type", "text/html").body("<html>").build());

            assertThat(failure(ask(url(server, "/q"), trusting())).message())
                    .isEqualTo("it answers text/html, expected application/dns-message");
        }
    }

    @Test
    void anAnswerLongerThanAnyDnsMessageIsCutOff() throws Exception {
        try (MockWebServer server = https(Protocol.HTTP_1_1)) {
            server.enqueue(dns(new Buffer().write(new byte[1 << 20])));

            assertThat(failure(ask(url(server, "/q"), trusting())).message()).contains("longer than any DNS message");
        }
    }

    @Test
    void garbageOverHttpsCannotBeUnderstood() throws Exception {
        try (MockWebServer server = https(Protocol.HTTP_1_1)) {
            server.enqueue(dns(new Buffer().writeUtf8("\0\0\u0081\0 this is no DNS message, though it looks like one")));

            assertThat(failure(ask(url(server, "/q"), trusting())).cause()).isEqualTo(Cause.DNS_MISMATCH);
        }
    }

    @Test
    void aServerThatNeverAnswersTheRequestIsATimeout() throws Exception {
        try (MockWebServer server = https(Protocol.HTTP_1_1)) {
            server.enqueue(new MockResponse.Builder()
                    .onResponseStart(mockwebserver3.SocketEffect.Stall.INSTANCE)
                    .build());

            assertThat(failure(ask(url(server, "/q"), trusting(), Duration.ofMillis(700))).cause())
                    .isEqualTo(Cause.DNS_TIMEOUT);
        }
    }

    private static MockResponse dns(Buffer body) {
        return new MockResponse.Builder()
                .addHeader("Content-Type", "application/dns-message")
                .body(body)
                .build();
    }

    private static Buffer answer(RecordedRequest request) {
        try {
            var query = new Message(request.getBody().toByteArray());
            query.getHeader().setFlag(Flags.QR);
            query.getHeader().setRcode(Rcode.NXDOMAIN);
            return new Buffer().write(query.toWire());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MockWebServer https(Protocol protocol) throws IOException {
        var server = new MockWebServer();
        server.useHttps(new HandshakeCertificates.Builder().heldCertificate(certificate).build().sslSocketFactory());
        server.setProtocols(
                protocol == Protocol.HTTP_2 ? List.of(Protocol.HTTP_2, Protocol.HTTP_1_1) : List.of(Protocol.HTTP_1_1));
        server.start(InetAddress.getByName("127.0.0.1"), 0);
        return server;
    }

    private static String url(MockWebServer server, String path) {
        return "https://127.0.0.1:" + server.getPort() + path;
    }

    private static TlsSettings trusting() {
        return Sections.read(TlsSettings.TYPE, Map.of("trust", trust.toString()));
    }

    private static Access access(TlsSettings tls) {
        return DnsServers.ACCESS.with(IpFamily.ANY, tls, Optional.empty());
    }

    private static Query query() throws IOException {
        return Query.of(Name.fromString("gateway.pay.example."), Type.A);
    }

    private static Reply ask(String server, TlsSettings tls) throws IOException {
        return ask(server, tls, AMPLE);
    }

    private static Reply ask(String server, TlsSettings tls, Duration timeout) throws IOException {
        return Asking.ask(
                NameServer.parse(server).orElseThrow(), query(), access(tls), Deadline.after(timeout), Instant.now());
    }

    private static Reply.Answer answer(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Answer.class);
        return (Reply.Answer) reply;
    }

    private static Failure failure(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Silence.class);
        return ((Reply.Silence) reply).failure();
    }
}
