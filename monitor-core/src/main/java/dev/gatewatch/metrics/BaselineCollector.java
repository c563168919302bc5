package dev.gatewatch.metrics;

import dev.gatewatch.view.BaselineView;
import dev.gatewatch.view.SeriesView;
import dev.gatewatch.view.Snapshot;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.Supplier;

/** What is usual for each series, and how unusual its present is, as gauges. Safe for many threads. */
final class BaselineCollector implements MultiCollector {
    private static final double MILLIS = 1e3;

    private final Supplier<Snapshot> snapshots;

    BaselineCollector(Supplier<Snapshot> snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public MetricSnapshots collect() {
        var families = new Families();
        for (SeriesView view : snapshots.get().probes()) {
            Labels labels = Labels.of(
                    "probe", view.series().probe(), "region", view.series().region(), "location", view.series().location());
            view.baselines().forEach(baseline -> add(families, labels, baseline));
        }
        return families.snapshots();
    }

    private static void add(Families families, Labels series, BaselineView baseline) {
        Labels labels = series.add("quantity", baseline.quantity());
        families.gauge(
                "gatewatch_baseline_score",
                "How rare the present is for this series: the decimal logarithm of the days between two alarms at this score",
                labels,
                baseline.score());
        for (BaselineView.State state : BaselineView.State.values()) {
            families.gauge(
                    "gatewatch_baseline_state",
                    "Whether the baseline is in this state: learning and stale judge nothing, shifted took over a new level within a day",
                    labels.add("state", state.code()),
                    baseline.state() == state ? 1 : 0);
        }
        if (!baseline.quantity().equals(BaselineView.LATENCY)) {
            return;
        }
        baseline.usual().ifPresent(usual -> {
            latency(families, series, "lower", usual.lower());
            latency(families, series, "middle", usual.middle());
            latency(families, series, "upper", usual.upper());
        });
        baseline.drift().ifPresent(drift -> families.gauge(
                "gatewatch_baseline_drift_ratio",
                "The level of the latency as a multiple of what it was four weeks ago, or as long ago as is known",
                series,
                drift));
    }

    private static void latency(Families families, Labels series, String bound, double millis) {
        families.gauge(
                "gatewatch_baseline_latency_seconds",
                "The usual latency at this time of the week: nine of ten usual runs lie between lower and upper",
                series.add("bound", bound),
                millis / MILLIS);
    }
}
