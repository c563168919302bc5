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
        Optional<String> phaseMetric) {
    /** How many runs {@link #recent} holds at most. */
    public static final int RECENT = 60;

    public SeriesView {
        labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
        recent = List.copyOf(recent);
        facts = List.copyOf(facts);
    }

    /** One run, as small as a sparkline needs it. */
    public record Point(Instant at, Duration latency, dev.gatewatch.probe.Outcome outcome) {}
}
