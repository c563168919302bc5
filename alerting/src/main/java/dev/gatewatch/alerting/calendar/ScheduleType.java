package dev.gatewatch.alerting.calendar;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How schedules are written: a mapping of one of four kinds. */
final class ScheduleType implements ValueType<Schedule> {
    private static final Pattern HOURS = Pattern.compile("(\\d{1,2}:\\d{2})\\s*-\\s*(\\d{1,2}:\\d{2})");
    private static final Pattern DAYS = Pattern.compile("([a-z]{3})(?:\\s*-\\s*([a-z]{3}))?");
    private static final List<String> NAMES = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final Duration LONGEST = Duration.ofDays(31);

    record Hours(LocalTime from, LocalTime to) {}

    private static final ValueType<LocalDateTime> LOCAL = Types.scalar(
            "a local time (as 2026-12-24T18:00) or date",
            Map.of("type", "string"),
            text -> {
                try {
                    return Optional.of(text.length() == 10 ? LocalDate.parse(text).atStartOfDay() : LocalDateTime.parse(text.replace(' ', 'T')));
                } catch (DateTimeException _) {
                    return Optional.empty();
                }
            });

    static final Key<LocalDateTime> FROM =
            Key.optional("from", LOCAL, "Once: when it begins, as `2026-12-24T18:00`; with `to`.");
    static final Key<LocalDateTime> TO = Key.optional("to", LOCAL, "Once: when it ends.");
    static final Key<Hours> HOURS_KEY = Key.optional(
            "hours",
            Types.scalar("hours of the day (as 22:00-06:00)", Map.of("type", "string"), ScheduleType::hours),
            "Weekly: from one time to another, as `22:00-06:00`, which ends the next day; the whole day where only `days` is given.");
    static final Key<Set<DayOfWeek>> DAYS_KEY = Key.optional(
            "days",
            new DaysType(),
            "Weekly: days on which it begins, as `sat` or `[mon-thu, sat]`; every day where only `hours` is given.");
    static final Key<String> CRON =
            Key.optional("cron", Types.text(), "A line of five fields as in crontab(5), as `0 2 1 * *`; with `duration`.");
    static final Key<String> RRULE = Key.optional(
            "rrule",
            Types.text(),
            "A recurrence rule of iCalendar (RFC 5545), as `FREQ=MONTHLY;BYDAY=2TU`; with `start` and `duration`.");
    static final Key<LocalDateTime> START =
            Key.optional("start", LOCAL, "The first time of the `rrule`, as `2026-01-13T22:00`.");
    static final Key<Duration> DURATION = Key.optional(
            "duration", Types.duration(Duration.ofMinutes(1), LONGEST), "How long it lasts each time, with `cron` and `rrule`.");
    static final Key<ZoneId> ZONE = Key.withDefault(
            "time_zone", Types.timeZone(), ZoneOffset.UTC, "UTC", "Whose clock is meant, as `Europe/Berlin`.");

    private static final SectionType<Schedule> SECTION = SectionType.of(
            "schedule", List.of(FROM, TO, HOURS_KEY, DAYS_KEY, CRON, RRULE, START, DURATION, ZONE), ScheduleType::schedule);

    private static Schedule schedule(Section s) {
        var kinds = new LinkedHashSet<String>();
        if (s.has(FROM) || s.has(TO)) {
            kinds.add("from and to");
        }
        if (s.has(HOURS_KEY) || s.has(DAYS_KEY)) {
            kinds.add("hours and days");
        }
        if (s.has(CRON)) {
            kinds.add("cron");
        }
        if (s.has(RRULE)) {
            kinds.add("rrule");
        }
        if (kinds.size() != 1) {
            s.reading().problems().error(
                    s.node(),
                    kinds.isEmpty()
                            ? "says no time; write from and to, hours or days, cron, or rrule"
                            : "one kind of schedule at a time: " + String.join(", ", kinds) + " stand together");
            return NEVER;
        }
        boolean repeats = s.has(CRON) || s.has(RRULE);
        if (repeats != s.has(DURATION)) {
            s.problem(DURATION, repeats ? "say how long it lasts each time: duration" : "duration goes with cron or rrule");
            return NEVER;
        }
        if (s.has(RRULE) != s.has(START)) {
            s.problem(START, s.has(RRULE) ? "say when the rrule begins: start" : "start goes with rrule");
            return NEVER;
        }
        ZoneId zone = s.get(ZONE);
        if (s.has(CRON)) {
            return made(s, CRON, () -> new Cron(s.find(CRON).orElseThrow(), s.find(DURATION).orElseThrow(), zone));
        }
        if (s.has(RRULE)) {
            return made(
                    s,
                    RRULE,
                    () -> new Recurring(
                            s.find(RRULE).orElseThrow(), s.find(START).orElseThrow(), s.find(DURATION).orElseThrow(), zone));
        }
        if (s.has(FROM) || s.has(TO)) {
            return once(s, zone);
        }
        Hours hours = s.find(HOURS_KEY).orElse(new Hours(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT));
        return new Weekly(s.find(DAYS_KEY).orElse(EnumSet.allOf(DayOfWeek.class)), hours.from(), hours.to(), zone);
    }

    /** Stands in for what had a problem, and is dropped with it. */
    private static final Schedule NEVER = new Once(LocalDateTime.of(1970, 1, 1, 0, 0), LocalDateTime.of(1970, 1, 2, 0, 0), ZoneOffset.UTC);

    private static Schedule once(Section s, ZoneId zone) {
        if (!s.has(FROM) || !s.has(TO)) {
            s.problem(s.has(FROM) ? TO : FROM, "from and to go together");
            return NEVER;
        }
        var once = new Once(s.find(FROM).orElseThrow(), s.find(TO).orElseThrow(), zone);
        if (!once.lasts()) {
            s.problem(TO, "it ends before it begins");
            return NEVER;
        }
        return once;
    }

    private static Schedule made(Section s, Key<?> key, Supplier<Schedule> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            s.problem(key, String.valueOf(e.getMessage()));
            return NEVER;
        }
    }

    private static Optional<Hours> hours(String text) {
        Matcher m = HOURS.matcher(text.strip());
        return m.matches() ? time(m.group(1)).flatMap(from -> time(m.group(2)).map(to -> new Hours(from, to))) : Optional.empty();
    }

    private static Optional<LocalTime> time(String text) {
        try {
            // the end of a day is the beginning of the next
            return Optional.of(text.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text.length() == 4 ? "0" + text : text));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /** Days, and ranges of days, which may go on into the next week. */
    private static final class DaysType implements ValueType<Set<DayOfWeek>> {
        private static final ValueType<List<Set<DayOfWeek>>> LIST = Types.oneOrMore(Types.scalar(
                "a day (mon, tue, wed, thu, fri, sat, sun) or a range of days (as mon-fri)",
                Map.of("type", "string"),
                DaysType::days));

        private static Optional<Set<DayOfWeek>> days(String text) {
            Matcher m = DAYS.matcher(text.strip().toLowerCase(Locale.ROOT));
            if (!m.matches()) {
                return Optional.empty();
            }
            int from = NAMES.indexOf(m.group(1));
            int to = m.group(2) == null ? from : NAMES.indexOf(m.group(2));
            if (from < 0 || to < 0) {
                return Optional.empty();
            }
            var days = EnumSet.of(DayOfWeek.of(from + 1));
            for (int day = from; day != to; day = (day + 1) % 7) {
                days.add(DayOfWeek.of((day + 1) % 7 + 1));
            }
            return Optional.of(days);
        }

        @Override
        public Optional<Set<DayOfWeek>> read(Node node, Reading reading) {
            return LIST.read(node, reading).map(sets -> sets.stream().flatMap(Set::stream).collect(Collectors.toSet()));
        }

        @Override
        public String describe() {
            return LIST.describe();
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return LIST.jsonSchema();
        }
    }

    @Override
    public Optional<Schedule> read(Node node, Reading reading) {
        return SECTION.read(node, reading);
    }

    @Override
    public String describe() {
        return "schedule";
    }

    @Override
    public Map<String, Object> jsonSchema() {
        return SECTION.jsonSchema();
    }
}
