package dev.gatewatch.probe;

import java.time.Duration;
import java.time.Instant;

/**
 * One run of one probe, as it is journalled, judged and shown. Immutable.
 *
 * @param type the probe type's name
 * @param target what was probed, for people; without secrets
 * @param startedAt wall clock
 * @param duration monotonic
 */
public record Result(Series series, String type, String target, Instant startedAt, Duration duration, Report report) {
    public Outcome outcome() {
        return report.outcome();
    }

    /** When the run ended, by the wall clock of its start and the monotonic duration. */
    public Instant endedAt() {
        return startedAt.plus(duration);
    }

    /** The same run, with something else to say. */
    @SuppressWarnings("ReferenceEquality") // a shortcut only
    public Result with(Report said) {
        return said == report ? this : new Result(series, type, target, startedAt, duration, said);
    }
}
