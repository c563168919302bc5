package dev.gatewatch.alerting.calendar;

import dev.gatewatch.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.RfcMode;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/**
 * A stretch of one length at each time of an iCalendar recurrence rule (RFC 5545, {@code RRULE}), counted in local time from its start.
 * Immutable.
 *
 * @param rule with or without {@code RRULE:} before it
 * @param start {@code DTSTART}; the rule's first time
 */
public record Recurring(String rule, LocalDateTime start, Duration length, ZoneId zone) implements Schedule {
    private static final Set<Freq> SLOW = Set.of(Freq.DAILY, Freq.WEEKLY, Freq.MONTHLY, Freq.YEARLY);

    /** Rules that never come true are looked through this far. */
    private static final int LAST_YEAR = 2200;

    /**
     * A clean one.
     *
     * @throws IllegalArgumentException in a person's words, for a rule that cannot be read
     */
    public Recurring {
        if (length.isZero() || length.isNegative()) {
            throw new IllegalArgumentException("a length above zero");
        }
        RecurrenceRule read = read(rule, zone);
        if (!SLOW.contains(read.getFreq())) {
            throw new IllegalArgumentException("FREQ is DAILY, WEEKLY, MONTHLY or YEARLY; use cron for what comes more often");
        }
        RecurrenceRuleIterator times = read.iterator(floating(start));
        if (!times.hasNext() || !local(times.nextDateTime()).equals(start)) {
            throw new IllegalArgumentException("start is not one of the rule's times; let it be the first of them");
        }
    }

    @Override
    public Iterator<Interval> endingAfter(Instant instant) {
        RecurrenceRuleIterator times = read(rule, zone).iterator(floating(start));
        LocalDateTime from = LocalDateTime.ofInstant(instant.minus(length).minus(Duration.ofDays(1)), zone);
        if (from.isAfter(start)) {
            times.fastForward(floating(from));
        }
        return new DayByDay(
                () -> Optional.of(times)
                        .filter(RecurrenceRuleIterator::hasNext)
                        .map(t -> local(t.nextDateTime()))
                        .filter(time -> time.getYear() < LAST_YEAR),
                (local, to) -> to.accept(LocalTimes.byCalendar(local, zone)),
                length,
                instant);
    }

    @Override
    public String display() {
        return rule + " from " + start + " for " + Durations.format(length) + " " + zone;
    }

    private static RecurrenceRule read(String text, ZoneId zone) {
        try {
            var rule = new RecurrenceRule(text.regionMatches(true, 0, "RRULE:", 0, 6) ? text.substring(6) : text, RfcMode.RFC5545_STRICT);
            DateTime until = rule.getUntil();
            if (until != null) {
                // times are counted locally, so the last one is as well
                LocalDateTime last = until.isAllDay()
                        ? local(until).withHour(23).withMinute(59).withSecond(59)
                        : until.isFloating()
                                ? local(until)
                                : LocalDateTime.ofInstant(Instant.ofEpochMilli(until.getTimestamp()), zone);
                rule.setUntil(floating(last));
            }
            return rule;
        } catch (InvalidRecurrenceRuleException | RuntimeException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no RRULE: " + e.getMessage(), e);
        }
    }

    /** Months are counted from 0 there. */
    private static DateTime floating(LocalDateTime t) {
        return new DateTime(t.getYear(), t.getMonthValue() - 1, t.getDayOfMonth(), t.getHour(), t.getMinute(), t.getSecond());
    }

    private static LocalDateTime local(DateTime t) {
        return t.isAllDay()
                ? LocalDateTime.of(t.getYear(), t.getMonth() + 1, t.getDayOfMonth(), 0, 0)
                : LocalDateTime.of(
                        t.getYear(), t.getMonth() + 1, t.getDayOfMonth(), t.getHours(), t.getMinutes(), t.getSeconds());
    }
}
