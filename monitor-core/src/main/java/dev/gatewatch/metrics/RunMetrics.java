package dev.gatewatch.metrics;

import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Result;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.Optional;

/** The gauges of one run, without the labels of a series: what blackbox_exporter answers to a scrape of {@code /probe}. */
public final class RunMetrics {
    private static final ExpositionFormats FORMATS = ExpositionFormats.init();

    private RunMetrics() {}

    /**
     * The metrics of a run that blackbox_exporter has too, and why it did not pass.
     *
     * @param timeout that the run had
     * @param accept the scraper's {@code Accept} header, or empty
     */
    public static Exposition of(
            ProbeType type, Result result, Duration timeout, String accept) {
        var families = new Families();
        families.gauge("probe_timeout_seconds", "", Labels.EMPTY, timeout.toNanos() / 1e9);
        BlackboxShape shape = BlackboxShape.of(type.phaseMetric());
        SnapshotCollector.run(families, Optional.empty(), type.facts(), Labels.EMPTY, result);
        shape.complete(families, type.phaseMetric(), result.report());
        result.report()
                .cause()
                .ifPresent(cause -> families.info(
                        "probe_failure_info",
                        "Why the run did not pass",
                        Labels.of("cause", cause.code(), "class", cause.causeClass().code())));
        var chosen = MetricSnapshots.builder();
        for (MetricSnapshot snapshot : families.snapshots()) {
            String name = snapshot.getMetadata().getPrometheusName();
            if (shape.hides(name)) {
                continue;
            }
            if (BlackboxHelp.knows(name) || BlackboxHelp.knows(name + "_info") || name.equals("probe_failure")) {
                chosen.metricSnapshot(snapshot);
            }
        }
        MetricSnapshots all = chosen.build();
        ExpositionFormatWriter writer = FORMATS.getOpenMetricsTextFormatWriter().accepts(accept)
                ? FORMATS.getOpenMetricsTextFormatWriter()
                : FORMATS.getPrometheusTextFormatWriter();
        EscapingScheme escaping = EscapingScheme.fromAcceptHeader(accept);
        return new Exposition(writer.getContentType(), out -> writer.write(out, all, escaping));
    }
}
