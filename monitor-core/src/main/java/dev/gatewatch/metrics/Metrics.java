package dev.gatewatch.metrics;

import dev.gatewatch.engine.EngineMetrics;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.ConfigStatus;
import dev.gatewatch.view.SeriesView;
import dev.gatewatch.view.SloView;
import dev.gatewatch.view.Snapshot;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Everything that {@code /metrics} shows: blackbox_exporter's gauges for each series' last run, and the daemon's own metrics. Safe for
 * many threads; counting neither waits nor throws.
 */
public final class Metrics implements EngineMetrics, AutoCloseable {
    private static final Duration[] RUN_BUCKETS = millis(10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000);
    private static final Duration[] LATENESS_BUCKETS = millis(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final ProcessMetrics process;
    private final Supplier<Snapshot> snapshots;

    private final Timer lateness;
    private final Counter dropped;
    private final Map<Series, SeriesMeters> meters = new ConcurrentHashMap<>();
    private final Map<Delivered, Counter> deliveries = new ConcurrentHashMap<>();

    /** Series that the last scrape found without a place in the snapshot. Guarded by this. */
    private Set<Series> vanishing = Set.of();

    private record Delivered(String channel, String outcome) {}

    private record Ending(String type, Outcome outcome, Optional<Cause> cause) {}

    private record SeriesMeters(Tags tags, Timer duration, Counter skipped, Map<Ending, Counter> runs) {}

    /**
     * @param version of the daemon, for {@code gatewatch_build_info}
     */
    public Metrics(String version, Supplier<Snapshot> snapshots, Supplier<ConfigStatus> configuration) {
        this.snapshots = snapshots;
        this.process = new ProcessMetrics(registry);
        this.lateness = Timer.builder("gatewatch.schedule.lateness")
                .description("How long after its time on the grid a run was started")
                .serviceLevelObjectives(LATENESS_BUCKETS)
                .register(registry);
        this.dropped = Counter.builder("gatewatch.dropped.results")
                .description("Results lost because the store did not take them for too long")
                .register(registry);
        registry.getPrometheusRegistry().register(new SnapshotCollector(snapshots));
        registry.getPrometheusRegistry().register(new StateCollector(version, snapshots, configuration));
        registry.getPrometheusRegistry().register(new BaselineCollector(snapshots));
    }

    /** Shows how objectives stand, too. To be called once. */
    public void objectives(Supplier<List<SloView>> objectives) {
        registry.getPrometheusRegistry().register(new ObjectivesCollector(objectives));
    }

    @Override
    public void ran(Result result, Duration late) {
        SeriesMeters m = meters.computeIfAbsent(result.series(), this::metersOf);
        m.duration().record(result.duration());
        var ending = new Ending(result.type(), result.outcome(), result.report().cause());
        m.runs()
                .computeIfAbsent(ending, e -> Counter.builder("gatewatch.runs")
                        .description("Runs by outcome and cause")
                        .tags(m.tags())
                        .tag("type", e.type())
                        .tag("outcome", e.outcome().code())
                        .tag("cause", e.cause().map(Cause::code).orElse(""))
                        .register(registry))
                .increment();
        lateness.record(late.isNegative() ? Duration.ZERO : late);
    }

    @Override
    public void skipped(Series series) {
        meters.computeIfAbsent(series, this::metersOf).skipped().increment();
    }

    @Override
    public void dropped(long results) {
        dropped.increment((double) results);
    }

    /**
     * Counts an attempt to deliver.
     *
     * @param outcome one of few fixed words, such as {@code delivered}, {@code retry}, {@code refused} or {@code broken}
     */
    public void delivery(String channel, String outcome) {
        deliveries
                .computeIfAbsent(new Delivered(channel, outcome), d -> Counter.builder("gatewatch.deliveries")
                        .description("Attempts to deliver by channel and outcome")
                        .tag("channel", d.channel())
                        .tag("outcome", d.outcome())
                        .register(registry))
                .increment();
    }

    /**
     * Shows a value that someone else keeps, such as how many results wait to be judged.
     *
     * @param name as Prometheus has it: {@code gatewatch_journal_queue_results}
     * @param value quick and without side effects; asked at each scrape
     */
    public void gauge(String name, String help, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble)
                .description(help)
                .strongReference(true)
                .register(registry);
    }

    /** A counter that starts at zero; each run of what is returned adds one. */
    public Runnable counter(String name, String help) {
        return Counter.builder(name).description(help).register(registry)::increment;
    }

    /**
     * All metrics now.
     *
     * @param accept the scraper's {@code Accept} header, or empty; chooses between Prometheus' text and OpenMetrics
     */
    public Exposition scrape(String accept) {
        forgetVanished();
        MetricSnapshots all = registry.getPrometheusRegistry().scrape();
        // not findWriter: it would promise protobuf, which is not on our class path
        ExpositionFormatWriter writer = formats.getOpenMetricsTextFormatWriter().accepts(accept)
                ? formats.getOpenMetricsTextFormatWriter()
                : formats.getPrometheusTextFormatWriter();
        EscapingScheme escaping = EscapingScheme.fromAcceptHeader(accept);
        return new Exposition(writer.getContentType(), out -> writer.write(out, all, escaping));
    }

    /**
     * Drops the meters of series that two scrapes in a row did not find in the snapshot: one is not enough, since a run may be counted
     * before its series is seen.
     */
    private synchronized void forgetVanished() {
        Set<Series> present = snapshots.get().probes().stream().map(SeriesView::series).collect(Collectors.toSet());
        var absent = new HashSet<>(meters.keySet());
        absent.removeAll(present);
        absent.stream().filter(vanishing::contains).forEach(this::forget);
        vanishing = absent;
    }

    /** Drops the meters of all other series: a reload has removed them. */
    public synchronized void retain(Set<Series> configured) {
        meters.keySet().stream().filter(s -> !configured.contains(s)).forEach(this::forget);
    }

    private void forget(Series series) {
        SeriesMeters gone = meters.remove(series);
        if (gone != null) {
            List<Meter> all = new java.util.ArrayList<>(gone.runs().values());
            all.add(gone.duration());
            all.add(gone.skipped());
            all.forEach(registry::remove);
        }
    }

    private SeriesMeters metersOf(Series s) {
        Tags tags = Tags.of("probe", s.probe(), "region", s.region(), "location", s.location());
        return new SeriesMeters(
                tags,
                Timer.builder("gatewatch.run.duration")
                        .description("How long runs took")
                        .tags(tags)
                        .serviceLevelObjectives(RUN_BUCKETS)
                        .register(registry),
                Counter.builder("gatewatch.skipped.runs")
                        .description("Runs left out because the one before was still going")
                        .tags(tags)
                        .register(registry),
                new ConcurrentHashMap<>());
    }

    @Override
    public void close() {
        process.close();
        registry.close();
    }

    private static Duration[] millis(long... values) {
        return java.util.Arrays.stream(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
