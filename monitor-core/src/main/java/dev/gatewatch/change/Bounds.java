package dev.gatewatch.change;

import dev.gatewatch.stats.Normal;
import java.time.Duration;

/**
 * How much has to change to matter. Immutable.
 *
 * @param latency the smallest change of latency that matters, as a share: 0.1 for a tenth
 * @param errors the smallest change of the share of failed runs that matters: 0.01 for one in a hundred
 */
public record Bounds(double latency, double errors) {
    /** What holds where nobody says otherwise. */
    public static final Bounds STANDARD = new Bounds(0.10, 0.01);

    /** Two-sided: each interval holds the true value in so many of all cases, and no more than the rest of all changes that do nothing get a wrong verdict. */
    public static final double CONFIDENCE = 0.99;

    /** With fewer runs on one side nothing is said. */
    public static final int LEAST_RUNS = 20;

    /** A rise of failures of so many times what matters must be ruled out before nothing is said to have changed. */
    static final double RULED_OUT = 10;

    public Bounds {
        if (!(latency > 0 && latency <= 10) || !(errors > 0 && errors <= 1)) {
            throw new IllegalArgumentException("bounds " + latency + ", " + errors);
        }
    }
    /**
     * How many runs have to follow before a probe that never failed can be called the same: from there on Newcombe's interval of no failure
     * at all rules out what has to be.
     */
    public int runsToTell() {
        double ruledOut = RULED_OUT * errors;
        double z = Normal.quantile(1 - (1 - CONFIDENCE) / 2);
        return ruledOut >= 1 ? LEAST_RUNS : Math.max(LEAST_RUNS, (int) (z * z * (1 / ruledOut - 1)) + 1);
    }

    /** How long that takes a probe, one run that comes late and one that is still under way included. */
    public Duration timeToTell(Duration interval) {
        return interval.multipliedBy(runsToTell() + 2L);
    }
}
