package dev.gatewatch.change;

import dev.gatewatch.probe.Series;

/**
 * What became of one series with a change. Immutable.
 *
 * @param seldom whether it runs too seldom to be judged in this time, so that the whole need not wait for it
 */
public record ProbeComparison(Series series, Measure latency, Measure errors, boolean seldom) {
    static ProbeComparison of(Series series, Runs runs, Span span, Usual usual, Bounds bounds) {
        Measure errors = ErrorShift.of(runs, span, bounds);
        // by its pace before: one that stopped running is not seldom
        boolean seldom = errors.runsBefore() > 0
                && errors.runsBefore() < Bounds.LEAST_RUNS * 4
                && errors.runsAfter() < Bounds.LEAST_RUNS;
        return new ProbeComparison(series, LatencyShift.of(runs, span, usual, bounds), errors, seldom);
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
