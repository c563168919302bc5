package dev.gatewatch.probes.certificate;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.tls.ChainFacts;
import dev.gatewatch.probes.tls.ChainRecorder.Seen;
import dev.gatewatch.probes.tls.Handshake;
import dev.gatewatch.probes.tls.TlsRun;
import dev.gatewatch.probes.tls.TlsSettings;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Records the whole presented chain first and judges it after. Immutable. */
final class CertificateProbe implements Probe {
    private final Connector connector;
    private final HostPort target;
    private final TlsSettings settings;
    private final Duration degradedWithin;

    CertificateProbe(Connector connector, HostPort target, TlsSettings settings, Duration degradedWithin) {
        this.connector = connector;
        this.target = target;
        this.settings = settings;
        this.degradedWithin = degradedWithin;
    }

    @Override
    public String target() {
        return target.toString();
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        Optional<Connection> connected = connector.connect(target, run.deadline(), report);
        if (connected.isEmpty()) {
            return report.build();
        }
        Instant now = run.clock().instant();
        TlsRun tls = settings.beginWatching(target.host(), now);
        try (Connection connection = connected.get()) {
            Optional<Failure> handshake =
                    Handshake.over(connection, tls, report).failure();
            Optional<Seen> seen = tls.recorder().seen();
            seen.ifPresent(s -> judge(s, now, report));
            handshake.ifPresent(failure -> tellHandshake(failure, seen.isPresent(), report));
        }
        return report.build();
    }

    private void judge(Seen seen, Instant now, Report.Builder report) {
        seen.verdict().faults().forEach(fault -> fault.tell(report));
        report.evidence("certificate chain", ChainFacts.describe(seen.chain()));
        Instant end = seen.verdict().verifiedUntil().orElseGet(() -> ChainFacts.earliestExpiry(seen.chain()));
        if (!end.isBefore(now) && end.isBefore(now.plus(degradedWithin))) {
            report.degraded(Cause.CERT_EXPIRING, ChainFacts.endsSoon(end, now));
        }
    }

    /** A server that wants a client certificate has shown its own by then, which is all that this probe asks for. */
    private static void tellHandshake(Failure failure, boolean chainSeen, Report.Builder report) {
        if (chainSeen && failure.cause() == Cause.CLIENT_CERT_REQUIRED) {
            report.evidence("after the certificate", failure.message());
        } else {
            failure.tell(report);
        }
    }
}
