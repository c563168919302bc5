package dev.gatewatch.probes.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectorTest {
    private static final Duration AMPLE = Duration.ofMinutes(1);

    private final Report.Builder report = Report.builder();

    @Test
    void theNextAddressIsTriedWhereOneRefuses() throws Exception {
        try (var server = LocalServer.silent();
                Connection connection =
                        connect(AMPLE, server.port(), "127.0.0.2", "127.0.0.1").orElseThrow()) {
            assertThat(connection.remote().getAddress().getHostAddress()).isEqualTo("127.0.0.1");
        }
        Report told = report.build();
        assertThat(told.outcome()).isEqualTo(Outcome.PASS);
        assertThat(told.facts()).containsEntry("address", Fact.of("127.0.0.1"));
        assertThat(told.evidence()).singleElement().satisfies(e -> assertThat(e.text())
                .contains("127.0.0.2"));
    }

    @Test
    void aSilentAddressDoesNotUseUpTheTimeOfTheNext() throws Exception {
        try (var hole = new Blackhole();
                var server = LocalServer.start(
                        new java.net.ServerSocket(hole.port(), 50, InetAddress.getByName("127.0.0.2")),
                        LocalServer::drain);
                Connection connection = connect(Duration.ofMillis(600), server.port(), "127.0.0.1", "127.0.0.2")
                        .orElseThrow()) {
            assertThat(connection.remote().getAddress().getHostAddress()).isEqualTo("127.0.0.2");
        }
    }

    @Test
    void ofSeveralFailuresTheOneThatTellsMostIsReported() throws Exception {
        try (var hole = new Blackhole()) {
            assertThat(connect(Duration.ofMillis(200), hole.port(), "127.0.0.1", "127.0.0.2"))
                    .isEmpty();
        }
        Report told = report.build();
        assertThat(told.cause()).contains(Cause.CONNECT_REFUSED);
        assertThat(told.message()).contains("127.0.0.2");
        assertThat(told.phases()).containsOnlyKeys("resolve", "connect");
    }

    @Test
    void aNameWithoutAddressIsReportedWithFamilyZero() throws Exception {
        var connector = new Connector(new SystemResolver(host -> {
            throw new java.net.UnknownHostException(host + ": No address associated with hostname");
        }), TargetPolicy.STANDARD, IpFamily.ANY);

        assertThat(connector.connect(new HostPort("pay.example", 443), Deadline.after(AMPLE), report))
                .isEmpty();

        Report told = report.build();
        assertThat(told.cause()).contains(Cause.DNS_NO_ADDRESS);
        assertThat(told.facts()).containsEntry("ip_protocol", Fact.of(0)).containsKey("dns_lookup_time");
    }

    @Test
    void aConnectionEndsAtItsDeadlineThoughItsPeerNeverStopsSending() throws Exception {
        try (var server = LocalServer.start(ConnectorTest::flood);
                Connection connection =
                        connect(Duration.ofMillis(150), server.port(), "127.0.0.1").orElseThrow()) {
            var failure = new Failure(Cause.RESPONSE_TIMEOUT, "");
            assertThat(readUntilCut(connection, failure)).isSameAs(failure);
        }
    }

    @Test
    void aForbiddenAddressGetsNoPacket() throws Exception {
        try (var server = LocalServer.start(ConnectorTest::flood)) {
            var policy = TargetPolicy.of(List.of(), List.of("127.0.0.0/8"));
            var target = new HostPort("127.0.0.1", server.port());

            assertThat(new Connector(Resolver.system(), policy, IpFamily.ANY)
                            .connect(target, Deadline.after(AMPLE), report))
                    .isEmpty();

            Report told = report.build();
            assertThat(told.cause()).contains(Cause.TARGET_FORBIDDEN);
            assertThat(told.message()).contains("127.0.0.0/8");
        }
    }

    private static Failure readUntilCut(Connection connection, Failure timedOut) throws IOException {
        try {
            LocalServer.drain(connection.socket());
            return new Failure(Cause.CONNECTION_RESET, "ended by the peer");
        } catch (IOException e) {
            return connection.failure(e, timedOut, x -> new Failure(Cause.INTERNAL_ERROR, x.toString()));
        }
    }

    private static void flood(java.net.Socket socket) throws Exception {
        while (true) {
            socket.getOutputStream().write(new byte[16]);
        }
    }

    private Optional<Connection> connect(Duration timeout, int port, String... addresses) throws IOException {
        var answer = new InetAddress[addresses.length];
        for (int i = 0; i < addresses.length; i++) {
            answer[i] = InetAddress.getByName(addresses[i]);
        }
        return new Connector(new SystemResolver(_ -> answer), TargetPolicy.STANDARD, IpFamily.ANY)
                .connect(new HostPort("pay.example", port), Deadline.after(timeout), report);
    }
}
