package dev.gatewatch.probes.http;

import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import java.io.InterruptedIOException;

/** One configured http probe. Immutable, safe for many threads. */
final class HttpProbe implements Probe {
    private final HttpConfig config;
    private final Redaction redaction;

    HttpProbe(HttpConfig config) {
        this.config = config;
        this.redaction = new Redaction(config.secrets());
    }

    @Override
    public String target() {
        return config.target();
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        return new HttpRun(config, redaction, run).report();
    }
}
