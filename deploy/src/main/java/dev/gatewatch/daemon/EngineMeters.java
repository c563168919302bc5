package dev.gatewatch.daemon;

import dev.gatewatch.alerting.delivery.Deliveries;
import dev.gatewatch.engine.Engine;
import dev.gatewatch.engine.EngineMetrics;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.metrics.Metrics;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Carries what the engine tells over to the metrics. Safe for many threads. */
final class EngineMeters implements EngineMetrics {
    private final Metrics metrics;
    private final Supplier<Plan> plan;
    private final LongAdder dropped = new LongAdder();

    EngineMeters(Metrics metrics, Supplier<Plan> plan) {
        this.metrics = metrics;
        this.plan = plan;
    }

    @Override
    public void ran(Result result, Duration lateness) {
        metrics.ran(result);
        metrics.late(lateness);
    }

    @Override
    public void skipped(Series series) {
        plan.get().find(series).ifPresent(spec -> metrics.skipped(series, spec.type().name()));
    }

    @Override
    public void dropped(long results) {
        dropped.add(results);
    }

    /** Shows queues that others keep. */
    void show(Engine engine, Deliveries deliveries) {
        metrics.gauge("gatewatch_journal_queue_results", "Results that wait to be written", () -> engine.gauges().queued());
        metrics.gauge("gatewatch_journal_dropped_results", "Results lost since start, because the store did not take them for too long", dropped::sum);
        metrics.gauge(
                "gatewatch_evaluator_lag_seconds",
                "Age of the oldest result that is not judged yet",
                () -> engine.gauges().lag().toNanos() / 1e9);
        metrics.gauge("gatewatch_runs_active", "Runs going on", () -> engine.gauges().running());
        metrics.gauge("gatewatch_runs_waiting", "Runs that wait for others to end", () -> engine.gauges().waiting());
    }
}
