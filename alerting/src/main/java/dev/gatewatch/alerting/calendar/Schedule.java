package dev.gatewatch.alerting.calendar;

import dev.gatewatch.config.ValueType;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When something holds: stretches of time, once or again and again. Pure: the same question has the same answer. Immutable.
 *
 * <p>Local times that a change of the clock skips or repeats are settled by each kind as its readers expect, see there.
 */
public sealed interface Schedule permits Once, Weekly, Cron, Recurring {
    /** How it is written. */
    ValueType<Schedule> TYPE = new ScheduleType();

    /** Stretches that follow each other without a gap count as one, as far as this ahead. */
    Duration LOOK_AHEAD = Duration.ofDays(32);

    /** Each stretch that ends after this, in the order of their beginnings; they may overlap, and need not end. */
    Iterator<Interval> endingAfter(Instant instant);

    /** For people, as short as it was written. */
    String display();

    /** The stretch that covers this instant, those that it runs into included. */
    default Optional<Interval> at(Instant now) {
        Interval open = null;
        for (Iterator<Interval> all = endingAfter(now); all.hasNext(); ) {
            Interval each = all.next();
            Interval joined = join(open, each, now);
            if (joined == null) {
                break;
            }
            open = joined;
            if (open.end().isAfter(now.plus(LOOK_AHEAD))) {
                break;
            }
        }
        return Optional.ofNullable(open);
    }

    private static @Nullable Interval join(@Nullable Interval open, Interval each, Instant now) {
        if (open == null) {
            return each.covers(now) ? each : null;
        }
        if (each.start().isAfter(open.end())) {
            return null;
        }
        return each.end().isAfter(open.end()) ? new Interval(open.start(), each.end()) : open;
    }

    /** When it begins next: the first beginning after this instant, and after the end of what covers it. */
    default Optional<Instant> next(Instant now) {
        Instant from = at(now).map(Interval::end).orElse(now);
        for (Iterator<Interval> all = endingAfter(from); all.hasNext(); ) {
            Instant start = all.next().start();
            if (start.isAfter(now)) {
                return Optional.of(start);
            }
        }
        return Optional.empty();
    }
}
