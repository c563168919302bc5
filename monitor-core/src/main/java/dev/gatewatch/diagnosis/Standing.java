package dev.gatewatch.diagnosis;

import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a series stands: the unbroken row of equally good or bad runs up to its latest one. {@code broken} runs are left out. Immutable.
 *
 * @param bad whether the row's runs are bad, by the measure of the rule that asks
 * @param since when the row's first known run started
 * @param latest when its latest run started
 * @param latency of the latest run
 * @param pace how fast it is beside what is usual for it; absent where that is not learnt
 */
public record Standing(
        Series series, boolean bad, Instant since, Instant latest, Duration latency, Optional<Pace> pace) {
    /** One of which nothing is learnt. */
    public Standing(Series series, boolean bad, Instant since, Instant latest, Duration latency) {
        this(series, bad, since, latest, latency, Optional.empty());
    }
}
