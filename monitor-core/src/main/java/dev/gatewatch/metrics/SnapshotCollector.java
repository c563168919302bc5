package dev.gatewatch.metrics;

import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.view.SeriesView;
import dev.gatewatch.view.Snapshot;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * blackbox_exporter's gauges for the last run of every series, made from the snapshot when a scrape asks, so that they cost nothing
 * between scrapes and a removed series is gone at once. Safe for many threads; two scrapes of one snapshot share the work.
 */
final class SnapshotCollector implements MultiCollector {
    private static final double NANOS = 1e9;

    private final Supplier<Snapshot> snapshots;

    private record Made(Snapshot from, MetricSnapshots metrics) {}

    private volatile @Nullable Made made;

    SnapshotCollector(Supplier<Snapshot> snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the very same snapshot is what saves the work; comparing contents would cost more than it saves
    public MetricSnapshots collect() {
        Snapshot snapshot = snapshots.get();
        Made last = made;
        if (last == null || last.from() != snapshot) {
            last = new Made(snapshot, make(snapshot));
            made = last;
        }
        return last.metrics();
    }

    private static MetricSnapshots make(Snapshot snapshot) {
        var families = new Families();
        Set<String> reserved = reserved(snapshot);
        for (SeriesView view : snapshot.probes()) {
            Labels labels = SeriesLabels.of(view, reserved);
            families.gauge("probe_timeout_seconds", "", labels, seconds(view.timeout()));
            view.usual()
                    .ifPresent(usual -> families.gauge(
                            "gatewatch_latency_usual_seconds",
                            "The middle latency of recent passing runs",
                            labels,
                            seconds(usual)));
            view.last().ifPresent(result -> run(families, view.phaseMetric(), view.facts(), labels, result));
        }
        return families.snapshots();
    }

    /** Labels that some metric adds; a user's label of that name would clash. */
    private static Set<String> reserved(Snapshot snapshot) {
        var names = new HashSet<String>();
        names.add("phase");
        for (SeriesView view : snapshot.probes()) {
            for (FactSpec fact : view.facts()) {
                names.addAll(fact.labels());
            }
        }
        return names;
    }

    static void run(
            Families families, Optional<String> phaseMetric, List<FactSpec> facts, Labels labels, Result result) {
        boolean success = result.outcome() == Outcome.PASS || result.outcome() == Outcome.DEGRADED;
        families.gauge("probe_success", "", labels, success ? 1 : 0);
        families.gauge("probe_duration_seconds", "", labels, seconds(result.duration()));
        phaseMetric
                .ifPresent(metric -> result.report()
                        .phases()
                        .forEach((phase, took) -> families.gauge(
                                metric, "Duration of the run by phase", labels.add("phase", phase), seconds(took))));
        for (FactSpec spec : facts) {
            spec.metric().ifPresent(metric -> fact(families, spec, metric, labels, result));
        }
    }

    private static void fact(Families families, FactSpec spec, String metric, Labels labels, Result result) {
        var facts = result.report().facts();
        if (spec.family() && spec.labels().isEmpty()) {
            infoFamily(families, spec, metric, labels, facts);
            return;
        }
        if (spec.family()) {
            family(families, spec, metric, labels, facts);
            return;
        }
        if (spec.labels().isEmpty()) {
            switch (facts.get(spec.name())) {
                case Fact.Quantity(double number) -> families.gauge(metric, spec.meaning(), labels, number);
                case Fact.Flag(boolean flag) -> families.gauge(metric, spec.meaning(), labels, flag ? 1 : 0);
                case Fact.Text _ -> {} // a text has no number; only an info metric can carry it
                case null -> {}
            }
            return;
        }
        Labels all = labels;
        boolean any = false;
        for (int i = 0; i < spec.labels().size(); i++) {
            Fact fact = facts.get(spec.labelFacts().get(i));
            any |= fact != null;
            all = all.add(spec.labels().get(i), fact == null ? "" : String.valueOf(fact.value()));
        }
        if (any) {
            families.info(metric, spec.meaning(), all);
        }
    }

    private static void family(
            Families families, FactSpec spec, String metric, Labels labels, Map<String, Fact> facts) {
        int made = 0;
        for (Map.Entry<String, Fact> fact : facts.entrySet()) {
            Optional<String> key = spec.key(fact.getKey());
            if (key.isEmpty() || fact.getValue() instanceof Fact.Text || made++ >= FactSpec.MOST_OF_FAMILY) {
                continue;
            }
            double value = fact.getValue() instanceof Fact.Quantity(double number)
                    ? number
                    : fact.getValue() instanceof Fact.Flag(boolean flag) && flag ? 1 : 0;
            families.gauge(metric, spec.meaning(), labels.add(spec.labels().getFirst(), key.get()), value);
        }
    }

    private static void infoFamily(
            Families families, FactSpec spec, String metric, Labels labels, Map<String, Fact> facts) {
        Labels all = labels;
        for (Map.Entry<String, Fact> fact : facts.entrySet()) {
            String key = spec.key(fact.getKey()).orElse("");
            if (PrometheusNaming.isValidLegacyLabelName(key) && !all.contains(key)) {
                all = all.add(key, String.valueOf(fact.getValue().value()));
            }
        }
        if (all.size() > labels.size()) {
            families.info(metric, spec.meaning(), all);
        }
    }

    private static double seconds(Duration d) {
        return d.toNanos() / NANOS;
    }
}
