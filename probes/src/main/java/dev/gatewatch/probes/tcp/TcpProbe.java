package dev.gatewatch.probes.tcp;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.tls.Handshake;
import dev.gatewatch.probes.tls.TlsRun;
import dev.gatewatch.probes.tls.TlsSettings;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/** Connects, speaks TLS and a dialogue where wanted, and leaves. Immutable. */
final class TcpProbe implements Probe {
    private final Connector connector;
    private final HostPort target;
    private final Optional<TlsSettings> tls;
    private final List<Step> dialogue;
    private final Optional<Duration> latencyBound;
    private final boolean tlsFromFirstByte;

    TcpProbe(
            Connector connector,
            HostPort target,
            Optional<TlsSettings> tls,
            List<Step> dialogue,
            Optional<Duration> latencyBound) {
        this.connector = connector;
        this.target = target;
        this.tls = tls;
        this.dialogue = List.copyOf(dialogue);
        this.latencyBound = latencyBound;
        this.tlsFromFirstByte = tls.isPresent() && dialogue.stream().noneMatch(Step::startTls);
    }

    @Override
    public String target() {
        return target.toString();
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        Optional<Connection> connected = connector.connect(target, run.deadline(), report);
        if (connected.isPresent()) {
            try (Connection connection = connected.get()) {
                speak(connection, run, report);
            }
        }
        Duration took = run.deadline().elapsed();
        if (report.outcome() == Outcome.PASS && latencyBound.isPresent() && took.compareTo(latencyBound.get()) > 0) {
            report.degraded(
                    Cause.LATENCY_HIGH,
                    "took " + Durations.format(took) + ", more than " + Durations.format(latencyBound.get()));
        }
        return report.build();
    }

    private void speak(Connection connection, Run run, Report.Builder report) throws InterruptedIOException {
        Optional<TlsRun> tlsRun = tls.map(
                settings -> settings.begin(target.host(), run.clock().instant()));
        Optional<Socket> socket =
                tlsFromFirstByte ? secure(connection, tlsRun, report) : Optional.of(connection.socket());
        if (socket.isEmpty()) {
            return;
        }
        if (!dialogue.isEmpty()) {
            new Dialogue(dialogue, connection, tlsRun, report)
                    .run(socket.get(), () -> secure(connection, tlsRun, report));
        } else if (socket.get() instanceof SSLSocket secured && tlsRun.isPresent()) {
            Handshake.rejectionOnLeaving(secured, connection, tlsRun.get()).ifPresent(f -> f.tell(report));
        }
    }

    private static Optional<Socket> secure(Connection connection, Optional<TlsRun> tlsRun, Report.Builder report)
            throws InterruptedIOException {
        Handshake.Outcome handshake = Handshake.over(connection, tlsRun.orElseThrow(), report);
        handshake.failure().ifPresent(f -> f.tell(report));
        return handshake.socket().map(Socket.class::cast);
    }
}
