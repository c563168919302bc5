package dev.gatewatch.diagnosis;

import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;

/**
 * How a series stands: the unbroken row of equally good or bad runs up to its latest one. {@code broken} runs are left out. Immutable.
 *
 * @param bad whether the row's runs are bad, by the measure of the rule that asks
 * @param since when the row's first known run started
 * @param latest when its latest run started
 * @param latency of the latest run
 */
public record Standing(Series series, boolean bad, Instant since, Instant latest, Duration latency) {}
