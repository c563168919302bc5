package dev.gatewatch.alerting.calendar;

import java.time.Instant;

/** A stretch of time. Immutable. The end is not part of it. */
public record Interval(Instant start, Instant end) {
    public Interval {
        if (!end.isAfter(start)) {
            throw new IllegalArgumentException("ends before it begins: " + start + " to " + end);
        }
    }

    public boolean covers(Instant instant) {
        return !instant.isBefore(start) && instant.isBefore(end);
    }
}
