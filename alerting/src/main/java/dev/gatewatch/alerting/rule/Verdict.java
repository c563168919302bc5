package dev.gatewatch.alerting.rule;

import dev.gatewatch.probe.Cause;
import java.time.Instant;

/** What a condition says of a series' latest runs, with its reason. Immutable. */
public sealed interface Verdict {
    /**
     * There is trouble.
     *
     * @param since start of the first run that counts
     * @param detail what was seen, without a count of runs: {@code status 500, expected 200}
     * @param message {@code detail} with the numbers that make it trouble: {@code 3 runs in a row failed: status 500, expected 200}
     * @param evidence one short line that proves it, or empty
     * @param level how tight a bound was crossed, from 0; a higher one than told before is worth one further notice
     * @param value the number or word that was compared, for {@code $(value)}: {@code 1.24s}; empty where there is none
     */
    record Holds(Instant since, Cause cause, String detail, String message, String evidence, int level, String value)
            implements Verdict {
        public Holds(Instant since, Cause cause, String detail, String message, String evidence, int level) {
            this(since, cause, detail, message, evidence, level, "");
        }
    }

    /** All is well. */
    record Clear(String reason) implements Verdict {}

    /** Too few runs to say; whatever was decided before stands. */
    record Unknown(String reason) implements Verdict {}
}
