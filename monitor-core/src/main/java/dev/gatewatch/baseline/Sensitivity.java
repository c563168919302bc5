package dev.gatewatch.baseline;

import java.time.Duration;

/** How readily a baseline alarms: each is a promise of at most one false alarm per series in its span. */
public enum Sensitivity {
    LOW(Duration.ofDays(30)),
    MEDIUM(Duration.ofDays(7)),
    HIGH(Duration.ofDays(1));

    private final Duration budget;
    private final double limit;

    Sensitivity(Duration budget) {
        this.budget = budget;
        limit = Math.log10(budget.toSeconds() / 86_400.0);
    }

    /** The time in which a series without any fault has at most one alarm, in the long mean. */
    public Duration budget() {
        return budget;
    }

    /** The least {@link Judgement#score()} that is an alarm. */
    public double limit() {
        return limit;
    }
}
