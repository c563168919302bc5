package dev.gatewatch.alerting.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole years pass here; clocks are changed in them. */
class ScheduleTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final ZoneId LORD_HOWE = ZoneId.of("Australia/Lord_Howe"); // half an hour of summer time
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final List<ZoneId> ZONES = List.of(BERLIN, NEW_YORK, LORD_HOWE, SHANGHAI, ZoneOffset.UTC);
    private static final Set<DayOfWeek> DAILY = EnumSet.allOf(DayOfWeek.class);

    private static LocalTime at(String time) {
        return LocalTime.parse(time);
    }

    private static Instant utc(String text) {
        return Instant.parse(text);
    }

    private static List<Interval> during(Schedule schedule, Instant from, Instant to) {
        var found = new ArrayList<Interval>();
        for (Iterator<Interval> all = schedule.endingAfter(from); all.hasNext(); ) {
            Interval next = all.next();
            if (!next.start().isBefore(to)) {
                break;
            }
            found.add(next);
        }
        return found;
    }

    private static List<Interval> startingIn(int year, Schedule schedule, ZoneId zone) {
        Instant from = LocalDate.of(year, 1, 1).atStartOfDay(zone).toInstant();
        Instant to = LocalDate.of(year + 1, 1, 1).atStartOfDay(zone).toInstant();
        return during(schedule, from, to).stream().filter(i -> !i.start().isBefore(from)).toList();
    }

    @Test
    void forAWholeYearNightsAreNightsByTheClockOnTheWall() {
        for (ZoneId zone : ZONES) {
            var nights = new Almanac(new Weekly(EnumSet.of(DayOfWeek.FRIDAY, DayOfWeek.SATURDAY), at("22:00"), at("06:30"), zone));
            Instant end = utc("2029-01-01T00:00:00Z");
            for (Instant now = utc("2027-12-30T00:00:00Z"); now.isBefore(end); now = now.plusSeconds(600)) {
                ZonedDateTime local = now.atZone(zone);
                DayOfWeek day = local.getDayOfWeek();
                boolean evening = !local.toLocalTime().isBefore(at("22:00"));
                boolean morning = local.toLocalTime().isBefore(at("06:30"));
                boolean expected = (evening && (day == DayOfWeek.FRIDAY || day == DayOfWeek.SATURDAY))
                        || (morning && (day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY));
                assertThat(nights.at(now).isPresent()).as("%s", local).isEqualTo(expected);
            }
        }
    }

    @Test
    void whatEndsAndWhatBeginsNextFollowEachOtherForAYear() {
        for (ZoneId zone : ZONES) {
            var office = new Weekly(EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY), at("09:00"), at("17:00"), zone);
            Instant now = LocalDate.of(2028, 1, 1).atStartOfDay(zone).toInstant();
            int days = 0;
            for (Optional<Instant> next = office.next(now); next.isPresent(); next = office.next(now)) {
                ZonedDateTime start = next.get().atZone(zone);
                if (start.getYear() > 2028) {
                    break;
                }
                days++;
                Interval open = office.at(next.get()).orElseThrow();
                assertThat(start.toLocalTime()).isEqualTo(at("09:00"));
                assertThat(open).isEqualTo(new Interval(next.get(), next.get().plus(Duration.ofHours(8))));
                assertThat(office.at(next.get().minusMillis(1))).isEmpty();
                assertThat(office.at(open.end())).isEmpty();
                now = open.end();
            }
            assertThat(days).as("week days of 2028 in %s", zone).isEqualTo(260);
        }
    }

    @Test
    void aWholeWeekIsOneStretchAndNeverBeginsAgain() {
        var always = new Weekly(DAILY, at("00:00"), at("00:00"), BERLIN);
        Instant now = utc("2026-03-28T12:00:00Z");

        assertThat(always.at(now).orElseThrow().end()).isAfter(now.plus(Duration.ofDays(31)));
    }

    /** Local times in Berlin; clocks go from 2 to 3 on March 29th and from 3 to 2 on October 25th. */
    @ParameterizedTest
    @CsvSource(
            textBlock = """
            2026-03-29, 01:00, 04:00, 2026-03-29T00:00:00Z, 2026-03-29T02:00:00Z
            2026-03-29, 02:30, 04:00, 2026-03-29T01:00:00Z, 2026-03-29T02:00:00Z
            2026-03-29, 01:00, 02:30, 2026-03-29T00:00:00Z, 2026-03-29T01:00:00Z
            2026-10-25, 01:00, 04:00, 2026-10-24T23:00:00Z, 2026-10-25T03:00:00Z
            2026-10-25, 02:30, 04:00, 2026-10-25T00:30:00Z, 2026-10-25T03:00:00Z
            2026-10-25, 01:00, 02:30, 2026-10-24T23:00:00Z, 2026-10-25T01:30:00Z
            2026-03-28, 22:00, 06:00, 2026-03-28T21:00:00Z, 2026-03-29T04:00:00Z
            2026-10-24, 22:00, 06:00, 2026-10-24T20:00:00Z, 2026-10-25T05:00:00Z
            """)
    void hoursThatMeetAChangeOfTheClockCoverAllThatTheClockShows(
            LocalDate day, LocalTime from, LocalTime to, Instant start, Instant end) {
        var daily = new Weekly(DAILY, from, to, BERLIN);

        assertThat(daily.at(start)).contains(new Interval(start, end));
        assertThat(daily.at(start.minusMillis(1))).as("before, on " + day).isEmpty();
        assertThat(daily.at(end)).isEmpty();
    }

    @Test
    void hoursThatAChangeOfTheClockSkipsWholeDoNotTakePlaceThatDay() {
        var daily = new Weekly(DAILY, at("02:10"), at("02:50"), BERLIN);

        assertThat(startingIn(2026, daily, BERLIN)).hasSize(364);
    }

    @Test
    void onceIsOnce() {
        var once = new Once(LocalDateTime.parse("2026-12-24T18:00"), LocalDateTime.parse("2026-12-27T08:00"), BERLIN);

        assertThat(once.next(utc("2026-01-01T00:00:00Z"))).contains(utc("2026-12-24T17:00:00Z"));
        assertThat(once.at(utc("2026-12-24T16:59:59Z"))).isEmpty();
        assertThat(once.at(utc("2026-12-24T17:00:00Z"))).contains(new Interval(utc("2026-12-24T17:00:00Z"), utc("2026-12-27T07:00:00Z")));
        assertThat(once.at(utc("2026-12-27T07:00:00Z"))).isEmpty();
        assertThat(once.next(utc("2026-12-24T17:00:00Z"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"})
    void aCronLineOfOneHourTakesPlaceOnceADayAllYear(String name) {
        ZoneId zone = ZoneId.of(name);
        for (String line : List.of("0 2 * * *", "15 2 * * *", "30 2 * * *", "59 1 * * *", "0 3 * * *")) {
            List<Interval> all = startingIn(2026, new Cron(line, Duration.ofMinutes(10), zone), zone);
            assertThat(all.stream().map(i -> i.start().atZone(zone).toLocalDate()).distinct()).as(line).hasSize(365);
            assertThat(all).as(line).hasSize(365);
        }
    }

    @Test
    void aCronLineOfASkippedHourIsMadeUpForRightAfterTheGap() {
        var cron = new Cron("30 2 * * *", Duration.ofHours(1), BERLIN);

        assertThat(cron.next(utc("2026-03-28T12:00:00Z"))).contains(utc("2026-03-29T01:00:00Z"));
        assertThat(cron.next(utc("2026-10-24T12:00:00Z"))).contains(utc("2026-10-25T00:30:00Z"));
        assertThat(cron.next(utc("2026-10-25T00:30:00Z"))).contains(utc("2026-10-26T01:30:00Z"));
    }

    @Test
    void aCronLineOfEveryHourCountsHoursAsTheyPass() {
        for (ZoneId zone : ZONES) {
            List<Interval> all = startingIn(2026, new Cron("0 * * * *", Duration.ofMinutes(1), zone), zone);
            // where summer time is half an hour the clock strikes once more in spring, at the end of the gap, and is late in autumn
            int expected = zone.equals(LORD_HOWE) ? 8761 : 8760;
            assertThat(all).as("%s", zone).hasSizeBetween(expected - 1, expected);
            assertThat(all.stream().map(Interval::start)).doesNotHaveDuplicates().isSorted();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock = """
            0 0 29 2 *       | 2028-02-29T00:00:00Z
            0 12 * * 0       | 2026-03-08T12:00:00Z
            0 12 * * 7       | 2026-03-08T12:00:00Z
            0 12 * * sun     | 2026-03-08T12:00:00Z
            0 12 * * 5-7     | 2026-03-06T12:00:00Z
            0 12 * * 1,3     | 2026-03-04T12:00:00Z
            0 12 1 * 1       | 2026-03-09T12:00:00Z
            0 12 5 * *       | 2026-03-05T12:00:00Z
            */15 6-8 * jan * | 2027-01-01T06:00:00Z
            0 0 31 12 *      | 2026-12-31T00:00:00Z
            """)
    void cronLinesAreReadAsCrontabReadsThem(String line, Instant next) {
        assertThat(new Cron(line, Duration.ofMinutes(5), ZoneOffset.UTC).next(utc("2026-03-02T13:00:00Z"))).contains(next);
    }

    @Test
    void stretchesThatOverlapAreOne() {
        var cron = new Cron("*/10 8-9 * * *", Duration.ofMinutes(15), ZoneOffset.UTC);

        assertThat(cron.at(utc("2026-03-02T09:03:00Z")))
                .contains(new Interval(utc("2026-03-02T08:50:00Z"), utc("2026-03-02T10:05:00Z")));
        assertThat(cron.next(utc("2026-03-02T09:03:00Z"))).contains(utc("2026-03-03T08:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0 0 * *", "60 0 * * *", "0 24 * * *", "0 0 * * 8", "0 0 * * ?", "0 0 L * *", "0 0 1 foo *", "0 0 0 1 1 ?"})
    void whatIsNoCronLineIsRefusedInWords(String line) {
        assertThatThrownBy(() -> new Cron(line, Duration.ofMinutes(5), ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cron line");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock = """
            FREQ=MONTHLY;BYDAY=2TU                    | 2026-01-13T22:00 | 2026-03-10T21:00:00Z
            FREQ=MONTHLY;BYDAY=-1FR                   | 2026-01-30T22:00 | 2026-03-27T21:00:00Z
            RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 | 2024-02-29T22:00 | 2028-02-29T21:00:00Z
            FREQ=WEEKLY;INTERVAL=2;BYDAY=SU           | 2026-01-04T02:30 | 2026-03-15T01:30:00Z
            FREQ=DAILY                                | 2026-01-01T02:30 | 2026-03-03T01:30:00Z
            FREQ=MONTHLY;BYMONTHDAY=-1                | 2026-01-31T12:00 | 2026-03-31T10:00:00Z
            """)
    void recurrenceRulesAreReadAsICalendarReadsThem(String rule, LocalDateTime start, Instant next) {
        assertThat(new Recurring(rule, start, Duration.ofHours(4), BERLIN).next(utc("2026-03-02T12:00:00Z"))).contains(next);
    }

    @Test
    void aSkippedTimeOfARecurrenceRuleIsReadWithTheOffsetBeforeTheGap() {
        var daily = new Recurring("FREQ=DAILY", LocalDateTime.parse("2026-01-01T02:30"), Duration.ofHours(1), BERLIN);

        assertThat(daily.next(utc("2026-03-28T12:00:00Z"))).contains(utc("2026-03-29T01:30:00Z"));
        assertThat(daily.next(utc("2026-10-24T12:00:00Z"))).contains(utc("2026-10-25T00:30:00Z"));
        assertThat(daily.next(utc("2026-10-25T02:00:00Z"))).contains(utc("2026-10-26T01:30:00Z"));
        for (ZoneId zone : ZONES) {
            assertThat(startingIn(2028, new Recurring("FREQ=DAILY", LocalDateTime.parse("2026-01-01T02:15"), Duration.ofHours(1), zone), zone))
                    .as("days of a leap year in %s", zone)
                    .hasSize(366);
        }
    }

    @Test
    void aRecurrenceRuleEndsWithItsCountOrItsLastDay() {
        LocalDateTime start = LocalDateTime.parse("2026-03-02T10:00");
        var three = new Recurring("FREQ=DAILY;COUNT=3", start, Duration.ofHours(1), BERLIN);
        var utcEnd = new Recurring("FREQ=DAILY;UNTIL=20260304T090000Z", start, Duration.ofHours(1), BERLIN);

        for (Schedule each : List.of(three, utcEnd)) {
            assertThat(startingIn(2026, each, BERLIN)).hasSize(3);
            assertThat(each.at(utc("2026-03-04T09:30:00Z"))).isPresent();
            assertThat(each.next(utc("2026-03-04T09:30:00Z"))).isEmpty();
        }
    }

    @Test
    void aStretchThatBeganLongAgoIsStillThere() {
        var monthly = new Recurring("FREQ=YEARLY", LocalDateTime.parse("2020-03-01T00:00"), Duration.ofDays(30), ZoneOffset.UTC);

        assertThat(monthly.at(utc("2026-03-30T12:00:00Z"))).contains(new Interval(utc("2026-03-01T00:00:00Z"), utc("2026-03-31T00:00:00Z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "FREQ=SOMETIMES", "FREQ=DAILY;BYFOO=1", "FREQ=MINUTELY", "BYDAY=MO", "FREQ=WEEKLY;BYDAY=TU"})
    void whatIsNoRecurrenceRuleIsRefusedInWords(String rule) {
        assertThatThrownBy(() -> new Recurring(rule, LocalDateTime.parse("2026-03-02T10:00"), Duration.ofHours(1), BERLIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s).*(no RRULE|FREQ is|start is not).*");
    }

    @Test
    void anAlmanacAnswersAsItsScheduleWhicheverWayTheClockGoes() {
        var schedule = new Weekly(DAILY, at("22:00"), at("06:00"), NEW_YORK);
        var almanac = new Almanac(schedule);
        Instant start = utc("2026-03-08T00:00:00Z");
        for (int step = 0; step < 5_000; step++) {
            Instant now = start.plusSeconds((step * 7_919L) % 400_000 - 200_000);
            assertThat(almanac.at(now)).isEqualTo(schedule.at(now));
        }
    }
}
