package dev.gatewatch.alerting.rule;

import java.time.Duration;
import java.time.Instant;

/** Counts of good and bad runs of one series, over longer times than a window of runs holds. Confined to the evaluator's thread. */
public interface Tally {
    /** Nothing was ever counted. */
    Tally NONE = (_, _) -> new Counts(0, 0);

    /** The runs of the time that ends then. What lies across its beginning counts by its share. */
    Counts over(Duration time, Instant end);

    /**
     * Runs counted; those in maintenance and broken ones are neither.
     *
     * @param good not whole where only a share of them lies within the time
     */
    record Counts(double good, double bad) {
        /** All that say something. */
        public double all() {
            return good + bad;
        }

        /** The share of bad ones, 0 without any. */
        public double badShare() {
            return all() == 0 ? 0 : bad / all();
        }
    }
}
