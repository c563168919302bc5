package dev.gatewatch.alerting.calendar;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Between two times of some days of the week, as the clock on the wall shows them: it lasts an hour more or less where the clock is
 * changed in between. Immutable.
 *
 * @param days on which it begins
 * @param to when it is not later than {@code from}, that time of the next day
 */
public record Weekly(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) implements Schedule {
    public Weekly {
        if (days.isEmpty()) {
            throw new IllegalArgumentException("no day of the week");
        }
        days = Collections.unmodifiableSet(EnumSet.copyOf(days));
    }

    private @Nullable Interval on(LocalDate day) {
        Instant start = LocalTimes.first(day.atTime(from), zone);
        Instant end = LocalTimes.last((to.isAfter(from) ? day : day.plusDays(1)).atTime(to), zone);
        // all of it may fall into a gap
        return days.contains(day.getDayOfWeek()) && end.isAfter(start) ? new Interval(start, end) : null;
    }

    @Override
    public Iterator<Interval> endingAfter(Instant instant) {
        // zones have skipped whole days, and days begin a day earlier on the other side of the world
        LocalDate first = instant.atZone(zone).toLocalDate().minusDays(2);
        return new Iterator<>() {
            private LocalDate day = first;
            private @Nullable Interval ahead = find();

            private @Nullable Interval find() {
                for (LocalDate last = day.plusDays(21); day.isBefore(last); ) {
                    Interval found = on(day);
                    day = day.plusDays(1);
                    if (found != null && found.end().isAfter(instant)) {
                        return found;
                    }
                }
                return null;
            }

            @Override
            public boolean hasNext() {
                return ahead != null;
            }

            @Override
            public Interval next() {
                Interval next = ahead;
                if (next == null) {
                    throw new NoSuchElementException();
                }
                ahead = find();
                return next;
            }
        };
    }

    @Override
    public String display() {
        String hours = from.equals(to) ? "" : " " + from + "-" + to;
        String on = days.size() == 7
                ? "daily"
                : days.stream()
                        .map(day -> day.name().substring(0, 3).toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(","));
        return on + hours + " " + zone;
    }
}
