package dev.gatewatch.probes.certificate;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.revocation.Concern;
import dev.gatewatch.probes.revocation.RevocationCheck;
import dev.gatewatch.probes.revocation.RevocationCheck.Shown;
import dev.gatewatch.probes.revocation.RevocationCheck.Subject;
import dev.gatewatch.probes.tls.ChainFacts;
import dev.gatewatch.probes.tls.ChainJudge;
import dev.gatewatch.probes.tls.ChainRecorder.Seen;
import dev.gatewatch.probes.tls.ChainVerdict;
import dev.gatewatch.probes.tls.Handshake;
import dev.gatewatch.probes.tls.TlsRun;
import dev.gatewatch.probes.tls.TlsSettings;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Records the whole chain that a server presents first and judges it after. Immutable but for the lists its revocation check keeps. */
final class EndpointProbe implements Probe {
    private final Connector connector;
    private final HostPort target;
    private final TlsSettings settings;
    private final Rules rules;

    EndpointProbe(Connector connector, HostPort target, TlsSettings settings, Rules rules) {
        this.connector = connector;
        this.target = target;
        this.settings = settings;
        this.rules = rules;
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
        TlsRun tls = settings.beginWatching(target.host(), run.clock().instant());
        Optional<Failure> handshake;
        InetAddress peer;
        try (Connection connection = connected.get()) {
            peer = connection.remote().getAddress();
            handshake = Handshake.over(connection, tls, report).failure();
        }
        var concerns = new Concerns();
        Optional<Seen> seen = tls.recorder().seen();
        if (seen.isPresent()) {
            judge(seen.get(), peer, run, report, concerns);
        }
        handshake.ifPresent(failure -> addHandshake(failure, seen.isPresent(), concerns, report));
        concerns.tell(report);
        return report.build();
    }

    private void judge(Seen seen, InetAddress peer, Run run, Report.Builder report, Concerns concerns)
            throws InterruptedIOException {
        Instant now = run.clock().instant();
        List<X509Certificate> chain = seen.chain();
        List<String> keys = CertificateFacts.keys(chain);
        for (int i = 0; i < chain.size(); i++) {
            CertificateFacts.put(report, keys.get(i), chain.get(i), now);
        }
        report.evidence("certificate chain", ChainFacts.describe(chain));

        ChainVerdict verdict =
                ChainJudge.judge(chain, seen.host(), settings.trust(), rules.strength(), now);
        verdict.faults().stream().map(Concern::failed).forEach(concerns::add);
        List<X509Certificate> path = verdict.verified().isEmpty() ? chain : verdict.verified();
        rules.window()
                .endsSoon(path, now)
                .ifPresent(text -> concerns.add(Concern.degraded(new Failure(Cause.CERT_EXPIRING, text))));

        var own = new LinkedHashMap<String, X509Certificate>();
        own.put(target.toString(), chain.getFirst());
        concerns.addAll(rules.changes().compare(own, run.memory(), report));

        List<Subject> subjects = Subject.ofPath(verdict.verified(), CertificateFacts.keys(verdict.verified()));
        rules.revocation().check(subjects, new Shown(seen.staples(), Optional.of(peer)), run, report).stream()
                .map(RevocationCheck.About::concern)
                .forEach(concerns::add);
    }

    /** A server that wants a client certificate has shown its own by then, which is all that this probe asks for. */
    private static void addHandshake(
            Failure failure, boolean chainSeen, Concerns concerns, Report.Builder report) {
        if (chainSeen && failure.cause() == Cause.CLIENT_CERT_REQUIRED) {
            report.evidence("after the certificate", failure.message());
        } else {
            concerns.add(Concern.failed(failure));
        }
    }
}
