package dev.gatewatch.probes.transaction;

import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.callback.CallbackPort;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.httpclient.UrlType;
import java.io.InterruptedIOException;
import java.util.Optional;

/** One configured transaction. Each run has variables, cookies and callback addresses of its own. Safe for many threads. */
final class TransactionProbe implements Probe {
    private final TransactionConfig config;

    /** Holds the listener from the first run that needs it to {@link #close}. */
    private final Optional<CallbackPort> port;

    TransactionProbe(TransactionConfig config) {
        this.config = config;
        this.port = config.callbacks().map(CallbackPort::new);
    }

    @Override
    public String target() {
        return UrlType.shown(config.base(), config.hiddenBase());
    }

    @Override
    public Report run(Run run) throws InterruptedException, InterruptedIOException {
        var report = Report.builder();
        var redaction = new Redaction(config.secrets());
        try (var session = HttpSession.of(config.client(), redaction, run, report);
                var mailbox = Mailbox.of(config, port)) {
            new TransactionRun(config, run, session, mailbox, report).go();
        } catch (ProbeFailure e) {
            e.failure().tell(report);
        }
        return report.build();
    }

    @Override
    public void close() {
        port.ifPresent(CallbackPort::close);
    }
}
