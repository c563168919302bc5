package dev.gatewatch.metrics;

import dev.gatewatch.config.Durations;
import dev.gatewatch.view.SloView;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;

/** How objectives stand, as gauges. Safe for many threads. */
final class ObjectivesCollector implements MultiCollector {
    private final Supplier<List<SloView>> objectives;

    ObjectivesCollector(Supplier<List<SloView>> objectives) {
        this.objectives = objectives;
    }

    @Override
    public MetricSnapshots collect() {
        var families = new Families();
        for (SloView slo : objectives.get()) {
            Labels labels = Labels.of(
                    "rule", slo.rule(),
                    "probe", slo.series().probe(),
                    "region", slo.series().region(),
                    "location", slo.series().location());
            families.gauge("gatewatch_slo_objective_ratio", "The share of good runs that is promised", labels, slo.objective());
            families.gauge(
                    "gatewatch_slo_window_seconds", "Over which time it is promised", labels, (double) slo.window().toSeconds());
            families.gauge(
                    "gatewatch_slo_error_budget_left_ratio",
                    "The share of the error budget that is left; negative when more was spent",
                    labels,
                    slo.budgetLeft());
            slo.burnRates().forEach((time, rate) -> families.gauge(
                    "gatewatch_slo_burn_rate",
                    "How many times faster than planned the error budget burns, over each of the times that are watched",
                    labels.add("over", Durations.format(time)),
                    rate));
        }
        return families.snapshots();
    }
}
