package dev.gatewatch.view;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * One probe in one region as it stands. Immutable.
 *
 * @param last absent before the first run
 * @param stateSince when the last result's outcome was first seen in an unbroken row
 * @param recent the latest runs, oldest first, at most {@value #RECENT}
 * @param usual the middle latency of recent passing runs; absent until there are enough
 * @param facts what the type's facts mean, for metrics
 * @param baselines what is learnt of it, latency first; empty where nothing is
 */
public record SeriesView(
        Series series,
        String type,
        String target,
        SequencedMap<String, String> labels,
        Duration interval,
        Duration timeout,
        Optional<Result> last,
        Optional<Instant> stateSince,
        List<Point> recent,
        Optional<Duration> usual,
        List<FactSpec> facts,
        Optional<String> phaseMetric,
        List<BaselineView> baselines) {
    /** How many runs {@link #recent} holds at most. */
    public static final int RECENT = 60;

    public SeriesView {
        labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
        recent = List.copyOf(recent);
        facts = List.copyOf(facts);
        baselines = List.copyOf(baselines);
    }

    /** What a name stands for where probes are picked by labels: {@code probe, region, location, type}, else a label; empty without one. */
    public String property(String name) {
        return switch (name) {
            case "probe" -> series.probe();
            case "region" -> series.region();
            case "location" -> series.location();
            case "type" -> type;
            default -> labels.getOrDefault(name, "");
        };
    }

    /** One of which nothing is learnt. */
    public SeriesView(
            Series series,
            String type,
            String target,
            SequencedMap<String, String> labels,
            Duration interval,
            Duration timeout,
            Optional<Result> last,
            Optional<Instant> stateSince,
            List<Point> recent,
            Optional<Duration> usual,
            List<FactSpec> facts,
            Optional<String> phaseMetric) {
        this(series, type, target, labels, interval, timeout, last, stateSince, recent, usual, facts, phaseMetric, List.of());
    }

    /** What is learnt of its latency. */
    public Optional<BaselineView> baseline() {
        return baselines.stream().filter(b -> b.quantity().equals(BaselineView.LATENCY)).findFirst();
    }

    /** One run, as small as a sparkline needs it. */
    public record Point(Instant at, Duration latency, dev.gatewatch.probe.Outcome outcome) {}
}
