package dev.gatewatch.change;

import java.util.Optional;

/**
 * One quantity of one probe before and after a change. Immutable.
 *
 * @param runsBefore how many runs it is made of
 * @param before the median latency in milliseconds, or the share of failed runs; NaN without runs
 * @param effect absent where there were too few runs
 * @param reason why it is said, in words
 */
public record Measure(
        int runsBefore, int runsAfter, double before, double after, Optional<Effect> effect, Verdict verdict, String reason) {
    Measure but(Verdict other, String why) {
        return new Measure(runsBefore, runsAfter, before, after, effect, other, why);
    }
}
