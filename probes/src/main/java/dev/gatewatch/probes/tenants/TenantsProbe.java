package dev.gatewatch.probes.tenants;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.httpclient.Redaction;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One configured tenants probe. Immutable, safe for many threads. */
final class TenantsProbe implements Probe {
    private final TenantsConfig config;

    TenantsProbe(TenantsConfig config) {
        this.config = config;
    }

    @Override
    public String target() {
        return config.target();
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        var findings = new Findings();
        var volley = new Volley(config, run, new Redaction(config.secrets()), findings);
        List<String> names = List.copyOf(config.tenants().keySet());
        for (Shot.Connections each : config.connections()) {
            long start = System.nanoTime();
            volley.fire(Shot.interleaved(each, config.rounds(), names, config.requests().size()));
            report.phase(each.name().toLowerCase(Locale.ROOT), Duration.ofNanos(System.nanoTime() - start));
        }
        findings.tell(report, config.planned(), Durations.format(run.deadline().timeout()));
        return report.build();
    }
}
