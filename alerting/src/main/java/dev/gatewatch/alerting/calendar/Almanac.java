package dev.gatewatch.alerting.calendar;

import java.time.Instant;
import java.util.Optional;

/** Looks things up in a schedule, and remembers the answer for as long as it holds. Safe for many threads. */
public final class Almanac {
    private final Schedule schedule;
    private volatile Answer answer = new Answer(Instant.MAX, Instant.MAX, Optional.empty());

    /** What holds from one instant up to another. */
    private record Answer(Instant from, Instant until, Optional<Interval> open) {}

    public Almanac(Schedule schedule) {
        this.schedule = schedule;
    }

    public Schedule schedule() {
        return schedule;
    }

    /** As {@link Schedule#at}. */
    public Optional<Interval> at(Instant now) {
        Answer known = answer;
        if (now.isBefore(known.from()) || !now.isBefore(known.until())) {
            Optional<Interval> open = schedule.at(now);
            known = open.map(interval -> new Answer(interval.start(), interval.end(), open))
                    .orElseGet(() -> new Answer(now, schedule.next(now).orElse(Instant.MAX), Optional.empty()));
            answer = known;
        }
        return known.open();
    }
}
