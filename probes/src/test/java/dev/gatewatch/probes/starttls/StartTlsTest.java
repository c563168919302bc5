package dev.gatewatch.probes.starttls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.TargetPolicy;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each protocol against a server that says byte for byte what its RFC or manual says. */
final class StartTlsTest {
    private static final Duration AMPLE = Duration.ofSeconds(10);

    @ParameterizedTest
    @EnumSource
    void theNextByteAfterTheGoAheadIsLeftForTls(StartTls protocol) throws Exception {
        var peer = StartTlsScripts.peer(protocol, socket -> socket.getOutputStream().write('T'));
        try (var server = LocalServer.start(peer::with);
                Connection connection = connect(server, AMPLE)) {
            assertThat(protocol.over(connection)).isEmpty();
            assertThat(connection.socket().getInputStream().read()).isEqualTo('T');
            assertThat(peer.complaints()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "SMTP | S:554_no_service\\r\\n | CONTENT_MISMATCH | expected a mail server's greeting (220), got: 554 no service",
        "SMTP | S:220_hi\\r\\n C:EHLO_[127.0.0.1]\\r\\n S:250-mx\\r\\n250_HELP\\r\\n | TLS_HANDSHAKE | the mail server does not offer STARTTLS; it offers: 250-mx 250 HELP",
        "SMTP | S:220_hi\\r\\n C:EHLO_[127.0.0.1]\\r\\n S:250_STARTTLS\\r\\n C:STARTTLS\\r\\n S:454_no_keys\\r\\n | TLS_HANDSHAKE | the server refused to start TLS: 454 no keys",
        "IMAP | S:*_OK\\r\\n C:g1_STARTTLS\\r\\n S:g1_BAD_what\\r\\n | TLS_HANDSHAKE | the server refused to start TLS: g1 BAD what",
        "POP3 | S:-ERR_busy\\r\\n | CONTENT_MISMATCH | expected a POP3 server's greeting (+OK), got: -ERR busy",
        "FTP | S:220_hi\\r\\n C:AUTH_TLS\\r\\n S:530_no\\r\\n | TLS_HANDSHAKE | the server refused to start TLS: 530 no",
        "POSTGRESQL | C:0x0000000804d2162f S:N | TLS_HANDSHAKE | the PostgreSQL server has TLS switched off (ssl = off)",
        "POSTGRESQL | C:0x0000000804d2162f S:H | CONTENT_MISMATCH | expected PostgreSQL's answer to SSLRequest, got: 48",
        "MYSQL | S:0x17000000ff1004546f6f206d616e7920636f6e6e656374696f6e73 | CONTENT_MISMATCH | the MySQL server takes no connection: Too many connections",
        "MYSQL | S:0x0100000009 | CONTENT_MISMATCH | expected a MySQL server's greeting of protocol version 10, got version 9",
        "MYSQL | S:HTTP/1.1 | CONTENT_MISMATCH | expected a MySQL server's greeting, got: 48 54 54 50",
        "LDAP | S:0x300c02010178070a013404000400 | TLS_HANDSHAKE | the LDAP server refused to start TLS: result code 52",
        "LDAP | S:0x301102010178 0c0a010204000405 6e6f206964 | TLS_HANDSHAKE | the LDAP server refused to start TLS: result code 2, no id",
        "LDAP | S:0x3084ffffffff | CONTENT_MISMATCH | expected an LDAP answer to StartTLS, got the byte 84",
        "LDAP | S:0x300402010178 | CONTENT_MISMATCH | expected an LDAP answer to StartTLS, got the byte 00",
        "XMPP | S:<stream:stream><stream:features/> | TLS_HANDSHAKE | the XMPP server does not offer STARTTLS",
        "XMPP | S:<html><body> | CONTENT_MISMATCH | expected an XMPP stream, got: <html><body>",
    })
    void aServerThatDoesNotStartTlsIsQuoted(StartTls protocol, String script, Cause cause, String message)
            throws Exception {
        String[] lines = script.replaceAll(" (?![SC]:)", "").split(" (?=[SC]:)");
        for (int i = 0; i < lines.length; i++) {
            lines[i] = lines[i].startsWith("S:0x") ? lines[i] : lines[i].replace('_', ' ');
        }
        var peer = new ScriptedPeer(LocalServer::drain, lines);
        try (var server = LocalServer.start(peer::with);
                Connection connection = connect(server, AMPLE)) {
            Failure failure = protocol.over(connection).orElseThrow();

            assertThat(peer.complaints()).isEmpty();
            assertThat(failure).isEqualTo(new Failure(cause, message));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSilentServerIsResponseTimeout(StartTls protocol) throws Exception {
        try (var server = LocalServer.silent();
                Connection connection = connect(server, Duration.ofMillis(100))) {
            var report = Report.builder();
            Failure failure = protocol.over(connection, report).orElseThrow();

            assertThat(failure.cause()).isEqualTo(Cause.RESPONSE_TIMEOUT);
            assertThat(failure.message()).startsWith("nothing came within 100ms while waiting for ").contains("before TLS (");
            assertThat(report.build().phases()).containsOnlyKeys(StartTls.PHASE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatLeavesIsConnectionReset(StartTls protocol) throws Exception {
        var connected = new CountDownLatch(2);
        LocalServer.Talk cut = socket -> {
            connected.await(); // a reset before would be one of connecting
            LocalServer.reset(socket);
        };
        for (LocalServer.Talk leave : List.<LocalServer.Talk>of(_ -> {}, cut)) {
            try (var server = LocalServer.start(leave);
                    Connection connection = connect(server, AMPLE)) {
                connected.countDown();
                assertThat(protocol.over(connection).map(Failure::cause)).contains(Cause.CONNECTION_RESET);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void garbageAndEndlessTalkEndInACause(StartTls protocol) throws Exception {
        var random = new Random(7);
        for (int round = 0; round < 20; round++) {
            byte[] noise = new byte[1 + random.nextInt(200)];
            random.nextBytes(noise);
            boolean endless = round == 0;
            try (var server = LocalServer.start(socket -> talk(socket, noise, endless));
                    Connection connection = connect(server, AMPLE)) {
                assertThat(protocol.over(connection).map(Failure::cause))
                        .isPresent()
                        .get()
                        .isIn(Cause.CONTENT_MISMATCH, Cause.CONNECTION_RESET, Cause.TLS_HANDSHAKE);
            }
        }
    }

    private static void talk(Socket socket, byte[] noise, boolean endless) throws Exception {
        do {
            socket.getOutputStream().write(endless ? "-blah blah blah".getBytes(UTF_8) : noise);
        } while (endless);
    }

    @Test
    void aReplyWithoutEndIsCutOff() throws Exception {
        try (var server = LocalServer.start(socket -> {
                    while (true) {
                        socket.getOutputStream().write("220-more\r\n".getBytes(UTF_8));
                    }
                });
                Connection connection = connect(server, AMPLE)) {
            assertThat(StartTls.SMTP.over(connection).map(Failure::cause)).contains(Cause.CONTENT_MISMATCH);
        }
    }

    private static Connection connect(LocalServer server, Duration timeout) throws Exception {
        var connector = new Connector(Resolver.system(), TargetPolicy.STANDARD, IpFamily.ANY);
        Optional<Connection> connection = connector.connect(
                HostPort.parse(server.address(), 0).orElseThrow(), Deadline.after(timeout), Report.builder());
        return connection.orElseThrow();
    }
}
