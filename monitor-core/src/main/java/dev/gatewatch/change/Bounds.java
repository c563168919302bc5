package dev.gatewatch.change;

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

    /** Shorter afters are not compared. */
    public static final Duration LEAST_TIME = Duration.ofSeconds(10);

    public Bounds {
        if (!(latency > 0 && latency <= 10) || !(errors > 0 && errors <= 1)) {
            throw new IllegalArgumentException("bounds " + latency + ", " + errors);
        }
    }
}
