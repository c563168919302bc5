package dev.gatewatch.alerting.calendar;

import dev.gatewatch.config.Durations;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quartz.CronExpression;

/**
 * A stretch of one length at each time that a cron line names, as crontab(5) reads it: five fields, and where both kinds of days are
 * restricted either will do.
 *
 * <p>A time that a change of the clock skips is made up for right after it; one that is repeated counts once, but for lines that count
 * hours as they pass ({@code *} in the second field), which count each. Immutable.
 */
public record Cron(String line, Duration length, ZoneId zone) implements Schedule {
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN");

    /**
     * A clean one.
     *
     * @throws IllegalArgumentException in a person's words, for a line that cannot be read
     */
    public Cron {
        expressions(line);
        if (length.isZero() || length.isNegative()) {
            throw new IllegalArgumentException("a length above zero");
        }
    }

    @Override
    public Iterator<Interval> endingAfter(Instant instant) {
        List<CronExpression> expressions = expressions(line);
        // a day more, since changes of the clock shift what is local
        LocalDateTime from = LocalDateTime.ofInstant(instant.minus(length).minus(Duration.ofDays(1)), zone);
        boolean eachHour = line.strip().split("\\s+")[1].startsWith("*");
        return new DayByDay(new Times(expressions, from), (local, to) -> occurrences(local, eachHour, to), length, instant);
    }

    private void occurrences(LocalDateTime local, boolean eachHour, Consumer<Instant> to) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        to.accept(LocalTimes.first(local, zone));
        if (eachHour && change != null && change.isOverlap()) {
            to.accept(LocalTimes.last(local, zone));
        }
    }

    @Override
    public String display() {
        return "cron " + line + " for " + Durations.format(length) + " " + zone;
    }

    /** Times that any of some expressions names. */
    private static final class Times implements DayByDay.Starts {
        private final List<CronExpression> expressions;
        private LocalDateTime last;

        Times(List<CronExpression> expressions, LocalDateTime after) {
            this.expressions = expressions;
            this.last = after;
        }

        @Override
        public Optional<LocalDateTime> next() {
            // local times count as if they were UTC's, which has no gaps
            Date after = Date.from(last.toInstant(ZoneOffset.UTC));
            Optional<LocalDateTime> next = expressions.stream()
                    .map(expression -> expression.getNextValidTimeAfter(after))
                    .filter(Objects::nonNull)
                    .map(date -> LocalDateTime.ofInstant(date.toInstant(), ZoneOffset.UTC))
                    .min(Comparator.naturalOrder());
            next.ifPresent(time -> last = time);
            return next;
        }
    }

    /** As Quartz writes it: seconds first, one kind of days at a time, and Sunday is a name. */
    private static List<CronExpression> expressions(String line) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException(
                    "a cron line has five fields (minute, hour, day of the month, month, day of the week), not " + fields.length);
        }
        for (int i = 0; i < fields.length; i++) {
            // Quartz knows more letters than crontab does
            if (!fields[i].matches(i < 3 ? "[0-9*/,-]+" : "(?:[0-9*/,-]|[A-Za-z]{3})+")) {
                throw new IllegalArgumentException("\"" + fields[i] + "\" is no field of a cron line");
            }
        }
        String time = "0 " + fields[0] + " " + fields[1] + " ";
        String ofMonth = fields[2];
        String ofWeek = days(fields[4]);
        var expressions = new ArrayList<CronExpression>();
        // crontab(5): a field that begins with * restricts nothing
        if (ofWeek.startsWith("*") || !ofMonth.startsWith("*")) {
            expressions.add(expression(time + ofMonth + " " + fields[3] + " ?", line));
        }
        if (!ofWeek.startsWith("*")) {
            expressions.add(expression(time + "? " + fields[3] + " " + ofWeek, line));
        }
        return expressions;
    }

    /** 0 and 7 are Sunday here, 1 is there. */
    private static String days(String field) {
        var named = new ArrayList<String>();
        for (String part : field.split(",", -1)) {
            int slash = part.indexOf('/');
            String step = slash < 0 ? "" : part.substring(slash);
            Matcher numbers = NUMBER.matcher(slash < 0 ? part : part.substring(0, slash));
            String names = numbers.replaceAll(number -> {
                String digits = number.group();
                return digits.length() == 1 && digits.charAt(0) <= '7' ? DAYS.get(digits.charAt(0) - '0') : "?";
            });
            // Quartz' week ends with Saturday
            named.add(names.endsWith("-SUN") && !names.startsWith("SUN") && step.isEmpty()
                    ? names.substring(0, names.length() - 3) + "SAT,SUN"
                    : names.toUpperCase(Locale.ROOT) + step);
        }
        return String.join(",", named);
    }

    private static CronExpression expression(String text, String line) {
        try {
            var expression = new CronExpression(text);
            expression.setTimeZone(TimeZone.getTimeZone(ZoneOffset.UTC));
            return expression;
        } catch (ParseException | RuntimeException e) {
            throw new IllegalArgumentException("\"" + line + "\" is no cron line: " + e.getMessage(), e);
        }
    }
}
