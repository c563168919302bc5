package dev.gatewatch.alerting.calendar;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** From one local time to another, once. A skipped one is the end of the gap; of a repeated one the stretch has as much as it can. Immutable. */
public record Once(LocalDateTime from, LocalDateTime to, ZoneId zone) implements Schedule {
    private Interval interval() {
        return new Interval(LocalTimes.first(from, zone), LocalTimes.last(to, zone));
    }

    /** Whether it lasts any time at all. */
    boolean lasts() {
        return LocalTimes.first(from, zone).isBefore(LocalTimes.last(to, zone));
    }

    @Override
    public Iterator<Interval> endingAfter(Instant instant) {
        Interval only = interval();
        return only.end().isAfter(instant) ? List.of(only).iterator() : Collections.emptyIterator();
    }

    @Override
    public String display() {
        return from + " to " + to + " " + zone;
    }
}
