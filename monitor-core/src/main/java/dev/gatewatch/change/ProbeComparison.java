package dev.gatewatch.change;

import dev.gatewatch.probe.Series;

/**
 * What became of one series with a change. Immutable.
 *
 * @param seldom whether it runs too seldom to be called the same in this time, so that the whole need not wait for it
 */
public record ProbeComparison(Series series, Measure latency, Measure errors, boolean seldom) {
    /** How many times as long as the after the time is of which a probe's pace is taken. */
    private static final int PACE_OF = 4;

    static ProbeComparison of(Series series, Runs runs, Span span, Usual usual, Bounds bounds) {
        Measure errors = ErrorShift.of(runs, span, bounds);
        boolean seldom = errors.runsAfter() < bounds.runsToTell() && pace(runs, span) * span.after() < bounds.runsToTell();
        return new ProbeComparison(series, LatencyShift.of(runs, span, usual, bounds), errors, seldom);
    }

    /** Runs a millisecond just before the change, so that one that stopped running is not taken for seldom; infinite where nothing ran. */
    private static double pace(Runs runs, Span span) {
        int changed = runs.from(span.changed());
        int first = runs.from(Math.max(span.earliest(), span.changed() - PACE_OF * span.after()));
        return first < changed ? (double) (changed - first) / (span.changed() - runs.at(first)) : Double.POSITIVE_INFINITY;
    }

    /** The worse of both; the same only where both are. */
    public Verdict verdict() {
        return both(latency.verdict(), errors.verdict());
    }

    static Verdict both(Verdict one, Verdict other) {
        if (one == Verdict.WORSE || other == Verdict.WORSE) {
            return Verdict.WORSE;
        }
        if (one == Verdict.TOO_LITTLE_DATA || other == Verdict.TOO_LITTLE_DATA) {
            return Verdict.TOO_LITTLE_DATA;
        }
        return one == Verdict.BETTER || other == Verdict.BETTER ? Verdict.BETTER : Verdict.SAME;
    }

    ProbeComparison with(Measure newLatency, Measure newErrors) {
        return new ProbeComparison(series, newLatency, newErrors, seldom);
    }
}
