package dev.gatewatch.alerting.calendar;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;

/** Which instant a local time is, where the clock was changed. */
final class LocalTimes {
    private LocalTimes() {}

    /** Its first occurrence; the end of the gap for one that is skipped. */
    static Instant first(LocalDateTime local, ZoneId zone) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        return change != null && change.isGap() ? change.getInstant() : ZonedDateTime.of(local, zone).toInstant();
    }

    /** Its last occurrence; the end of the gap for one that is skipped. */
    static Instant last(LocalDateTime local, ZoneId zone) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : ZonedDateTime.of(local, zone).withLaterOffsetAtOverlap().toInstant();
    }

    /** As iCalendar says (RFC 5545, 3.3.5): the first occurrence; a skipped one is read with the offset before the gap. */
    static Instant byCalendar(LocalDateTime local, ZoneId zone) {
        return ZonedDateTime.of(local, zone).toInstant();
    }
}
