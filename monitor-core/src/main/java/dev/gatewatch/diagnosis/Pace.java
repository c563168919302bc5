package dev.gatewatch.diagnosis;

import java.time.Duration;

/**
 * How fast a series is now beside what is usual for it. Immutable.
 *
 * @param now the middle latency of its latest runs, above 0
 * @param usual the middle of what is usual at this time of the week, above 0
 * @param upper what nineteen of twenty usual runs stay below
 */
public record Pace(Duration now, Duration usual, Duration upper) {
    /** How far it is off its usual: the natural logarithm of the ratio, above 0 where it is slower. */
    double off() {
        return Math.log((double) Math.max(1, now.toNanos()) / Math.max(1, usual.toNanos()));
    }
}
