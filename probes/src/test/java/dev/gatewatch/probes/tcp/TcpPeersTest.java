package dev.gatewatch.probes.tcp;

import static dev.gatewatch.probes.tls.Certificates.INTERMEDIATE;
import static dev.gatewatch.probes.tls.Certificates.NOW;
import static dev.gatewatch.probes.tls.Certificates.ROOT;
import static dev.gatewatch.probes.tls.Certificates.serverFor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.SectionType;
import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Blackhole;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.TargetPolicy;
import dev.gatewatch.probes.starttls.StartTls;
import dev.gatewatch.probes.starttls.StartTlsScripts;
import dev.gatewatch.probes.tls.Certificates;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** STARTTLS by protocol, Unix sockets, and names with many addresses. */
final class TcpPeersTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final List<Closeable> open = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void closeAll() throws IOException {
        for (Closeable one : open) {
            one.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyProtocolStartsTlsByItsWordAlone(StartTls protocol) throws Exception {
        String server = serve(StartTlsScripts.peer(protocol, TcpPeersTest::tls)::with);

        Report report = probe(
                AMPLE,
                Map.of(
                        "target",
                        server,
                        "starttls",
                        protocol.name().toLowerCase(Locale.ROOT),
                        "tls",
                        trust(),
                        "dialogue",
                        List.of(Map.of("expect", "^250 secured$"))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.phases()).containsOnlyKeys("resolve", "connect", "starttls", "tls", "dialogue");
        assertThat(report.facts()).containsEntry("tls_version", Fact.of("TLS 1.3")).containsKey("cert_days_left");
    }

    /** Goes on in TLS, and speaks there. */
    private static void tls(Socket socket) throws Exception {
        var factory = new HandshakeCertificates.Builder()
                .heldCertificate(serverFor(-60, 30), INTERMEDIATE.certificate())
                .build()
                .sslContext()
                .getSocketFactory();
        var secured = (SSLSocket) factory.createSocket(socket, null, socket.getPort(), true);
        secured.setUseClientMode(false);
        secured.getOutputStream().write("250 secured\r\n".getBytes(UTF_8));
        LocalServer.drain(secured);
    }

    @Test
    void whatIsInjectedBehindTheGoAheadBreaksTheHandshake() throws Exception {
        String server = serve(socket -> {
            socket.getOutputStream().write("220 hi\r\n".getBytes(UTF_8));
            socket.getInputStream().readNBytes("EHLO [127.0.0.1]\r\n".length());
            socket.getOutputStream().write("250 STARTTLS\r\n".getBytes(UTF_8));
            socket.getInputStream().readNBytes("STARTTLS\r\n".length());
            socket.getOutputStream().write("220 go\r\n250 injected\r\n".getBytes(UTF_8));
            LocalServer.drain(socket);
        });

        Report report = probe(AMPLE, Map.of("target", server, "starttls", "smtp", "dialogue", List.of(Map.of("expect", "250"))));

        assertThat(report.cause()).contains(Cause.TLS_HANDSHAKE);
    }

    @Test
    void aRealPostgresqlStartsTlsAndAnswersOnItsSocket() throws Exception {
        var server = PostgresServer.start(folder, serverFor(-60, 30), INTERMEDIATE.certificatePem());
        open.add(server);

        Report tls = probe(AMPLE, Map.of("target", server.address(), "starttls", "postgresql", "tls", trust()));
        Report local = probe(
                AMPLE,
                Map.of(
                        "target",
                        "unix:" + server.socket(),
                        "dialogue",
                        List.of(
                                Map.of("send_bytes", Map.of("hex", "00000008 04d2162f")),
                                Map.of("expect_bytes", "N"))));

        assertThat(tls.outcome()).as(tls.toString()).isEqualTo(Outcome.PASS);
        assertThat(tls.facts()).containsEntry("tls_version", Fact.of("TLS 1.3")).containsKey("cert_chain_expiry");
        assertThat(local.outcome()).as(local.toString()).isEqualTo(Outcome.PASS);
        assertThat(local.facts()).doesNotContainKeys("address", "ip_protocol");
    }

    @Test
    void aUnixSocketIsSpokenWithAndSecured() throws Exception {
        Path path = folder.resolve("peer.sock");
        listen(path, channel -> {
            channel.write(ByteBuffer.wrap("hello\nTLS?\n".getBytes(UTF_8)));
            channel.read(ByteBuffer.allocate(100));
            channel.write(ByteBuffer.wrap("plain again\n".getBytes(UTF_8)));
        });
        Map<String, Object> plain = Map.of(
                "target", "unix:" + path, "dialogue", List.of(Map.of("expect", "hel(lo)", "send", "x"), Map.of("expect", "again")));

        Report report = probe(AMPLE, plain);
        Report secured = probe(AMPLE, Map.of("target", "unix:" + path, "tls", true));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.phases()).containsOnlyKeys("connect", "dialogue");
        assertThat(secured.cause()).as("the peer answers without TLS").contains(Cause.TLS_HANDSHAKE);
    }

    @Test
    void tlsIsSpokenThroughAUnixSocketToo() throws Exception {
        Path path = folder.resolve("tls.sock");
        try (var server = LocalServer.start(TcpPeersTest::tls)) {
            listen(path, channel -> relay(channel, server.port()));

            Report report = probe(
                    AMPLE,
                    Map.of(
                            "target",
                            "unix:" + path,
                            "tls",
                            Map.of("trust", trust().get("trust"), "server_name", Certificates.HOST),
                            "dialogue",
                            List.of(Map.of("expect", "secured"))));

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(report.facts()).containsEntry("tls_version", Fact.of("TLS 1.3"));
        }
    }

    private static void relay(SocketChannel channel, int port) throws IOException {
        try (SocketChannel onward = SocketChannel.open(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            Thread back = Thread.ofVirtual().start(() -> copy(onward, channel));
            copy(channel, onward);
            back.interrupt();
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        try {
            var buffer = ByteBuffer.allocate(16_384);
            while (from.read(buffer) >= 0) {
                to.write(buffer.flip());
                buffer.clear();
            }
        } catch (IOException _) {
            // one side left
        }
    }

    @Test
    void aUnixSocketThatDoesNotAnswerEndsByTheDeadline() throws Exception {
        Path path = folder.resolve("silent.sock");
        listen(path, channel -> channel.read(ByteBuffer.allocate(100)));

        Report report = probe(SHORT, Map.of("target", "unix:" + path, "dialogue", List.of(Map.of("expect", "."))));

        assertThat(report.cause()).contains(Cause.RESPONSE_TIMEOUT);
    }

    @Test
    void aUnixSocketThatNobodyListensOnIsConnectRefused() throws Exception {
        Path path = folder.resolve("left.sock");
        try (ServerSocketChannel once = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            once.bind(UnixDomainSocketAddress.of(path)); // the file stays
        }

        Report left = probe(AMPLE, Map.of("target", "unix:" + path));
        Report none = probe(AMPLE, Map.of("target", "unix:" + folder.resolve("none.sock")));

        assertThat(left.cause()).contains(Cause.CONNECT_REFUSED);
        assertThat(left.message()).endsWith("refused the connection: nothing listens on the socket");
        assertThat(none.cause()).contains(Cause.CONNECT_REFUSED);
        assertThat(none.message()).isEqualTo("there is no socket " + folder.resolve("none.sock") + ": its service does not run");
    }

    @FunctionalInterface
    private interface LocalTalk {
        void with(SocketChannel channel) throws IOException;
    }

    private void listen(Path path, LocalTalk talk) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(path));
        open.add(listener);
        Thread.ofVirtual().start(() -> {
            while (listener.isOpen()) {
                try (SocketChannel channel = listener.accept()) {
                    talk.with(channel);
                } catch (IOException _) {
                    // closed, or its client left
                }
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "all, 127.0.0.1 127.0.0.2, false",
        "any, 127.0.0.1 127.0.0.2, true",
        "quorum, 127.0.0.1 127.0.0.2, false",
        "quorum, 127.0.0.1 127.0.0.2 127.0.0.3, false",
        "quorum, 127.0.0.1 127.0.0.2 ::1, true",
        "all, 127.0.0.1 ::1, true",
        "any, 127.0.0.2 127.0.0.3, false",
    })
    void everyAddressIsProbedAndTheRuleDecides(String rule, String addresses, boolean passes) throws Exception {
        int port = listeningOnBothFamilies();

        Report report = probeAll(Map.of("target", "pay.example:" + port, "addresses", "all", "addresses_needed", rule), addresses);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(passes ? Outcome.PASS : Outcome.FAIL);
        Stream.of(addresses.split(" ")).map(InetAddress::ofLiteral).forEach(address -> {
            boolean up = address.getAddress().length > 4 || address.getAddress()[3] == 1;
            String shown = address.getHostAddress();
            assertThat(report.facts())
                    .containsEntry("address_up." + shown, Fact.of(up))
                    .matches(facts -> facts.containsKey("address_connect_seconds." + shown) == up);
        });
    }

    @Test
    void oneDeadAddressOfTwoIsNamed() throws Exception {
        int port = listeningOnBothFamilies();

        Report report = probeAll(Map.of("target", "pay.example:" + port, "addresses", "all"), "127.0.0.1 127.0.0.2");

        assertThat(report.cause()).contains(Cause.CONNECT_REFUSED);
        assertThat(report.message())
                .isEqualTo("1 of 2 addresses of pay.example fail: 127.0.0.2:" + port
                        + " refused the connection: nothing listens on the port");
        assertThat(report.evidence())
                .contains(new Evidence(
                        "addresses",
                        "127.0.0.1: up\n127.0.0.2: connect_refused: 127.0.0.2:" + port
                                + " refused the connection: nothing listens on the port"));
    }

    @Test
    void anAddressThatDropsDoesNotHoldUpTheOthers() throws Exception {
        try (var hole = new Blackhole()) {
            Report report = probe(SHORT, Map.of("target", "localhost:" + hole.port(), "addresses", "all", "ip_family", "ip4"));

            assertThat(report.cause()).contains(Cause.CONNECT_TIMEOUT);
            assertThat(report.facts()).containsEntry("address_up.127.0.0.1", Fact.of(false));
        }
    }

    /** The same port of 127.0.0.1 and ::1. */
    private int listeningOnBothFamilies() throws IOException {
        for (int attempt = 0; ; attempt++) {
            var four = LocalServer.silent();
            open.add(four);
            try {
                var six = new ServerSocket(four.port(), 50, InetAddress.ofLiteral("::1"));
                open.add(LocalServer.start(six, LocalServer::drain));
                return four.port();
            } catch (IOException e) {
                if (attempt == 10) {
                    throw e;
                }
            }
        }
    }

    private static Report probeAll(Map<String, Object> config, String addresses) throws Exception {
        Resolver resolver = (_, _) -> new Resolver.Resolved(
                Stream.of(addresses.split(" ")).map(InetAddress::ofLiteral).toList(), Duration.ZERO);
        var probe = (TcpProbe) Sections.read(SectionType.of("tcp", type().keys(), type()::create), config);
        var connector = new Connector(resolver, TargetPolicy.STANDARD, IpFamily.ANY);
        return Runs.once(
                new TcpProbe(connector, probe.at(), probe.conversation(), probe.everyAddress(), probe.latencyBound()), AMPLE);
    }

    @Test
    void theSourceAddressIsOfThisMachine() throws Exception {
        var seen = new ArrayList<String>();
        String server = serve(socket -> {
            seen.add(socket.getInetAddress().getHostAddress());
            socket.getOutputStream().write("ok\n".getBytes(UTF_8));
        });
        Map<String, Object> config = new HashMap<>(Map.of("target", server, "dialogue", List.of(Map.of("expect", "ok"))));

        config.put("source_address", "127.0.0.9");
        assertThat(probe(AMPLE, config).outcome()).isEqualTo(Outcome.PASS);
        assertThat(seen).containsExactly("127.0.0.9");
        config.put("source_address", "192.0.2.1");
        assertThat(probe(AMPLE, config).cause()).contains(Cause.LOCAL_NETWORK);
        config.put("source_address", "::1");
        assertThat(probe(AMPLE, config).cause()).contains(Cause.DNS_NO_ADDRESS);
    }

    @Test
    void aForbiddenAddressAmongAllIsNotConnectedTo() throws Exception {
        Report report = probeAll(Map.of("target", "pay.example:80", "addresses", "all"), "169.254.169.254");

        assertThat(report.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(report.cause()).contains(Cause.TARGET_FORBIDDEN);
    }

    @Test
    void aWrongConfigurationIsSaidSo() {
        assertProblem(Map.of("target", "unix:relative"), "expected host:port, or unix:/path");
        assertProblem(Map.of("target", "unix:/a.sock", "addresses", "all"), "a Unix socket has no addresses");
        assertProblem(Map.of("target", "a:1", "addresses_needed", "any"), "write \"addresses: all\" beside it");
        assertProblem(Map.of("target", "a:1", "starttls", "smtp", "tls", false), "makes no sense beside starttls");
        assertProblem(
                Map.of("target", "a:1", "starttls", "smtp", "dialogue", List.of(Map.of("starttls", true))),
                "TLS can start only once");
        assertProblem(Map.of("target", "a:1", "source_address", "host"), "an IP address of this machine");
    }

    private static void assertProblem(Map<String, Object> config, String part) {
        assertThat(Sections.problems(type(), config)).singleElement().asString().contains(part);
    }

    private static TcpProbeType type() {
        return new TcpProbeType();
    }

    private Map<String, Object> trust() throws IOException {
        return Map.of("trust", Certificates.write(folder, "ca.pem", ROOT.certificatePem()));
    }

    private static Report probe(Duration timeout, Map<String, Object> config) throws Exception {
        try (Probe probe = Sections.probe(type(), config)) {
            return probe.run(Runs.run(timeout, new FakeClock(NOW)));
        }
    }

    private String serve(LocalServer.Talk talk) throws IOException {
        var server = LocalServer.start(talk);
        open.add(server);
        return server.address();
    }
}
