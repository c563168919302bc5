package dev.gatewatch.alerting.rule;

import dev.gatewatch.config.Durations;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers as a person woken at night reads them. */
final class Words {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Words() {}

    /** Three digits are enough: {@code 1.24s}, {@code 812ms}, {@code 12.5s}. */
    static Duration rounded(Duration latency) {
        long micros = BigDecimal.valueOf(latency.toNanos() / 1_000)
                .round(new MathContext(3, RoundingMode.HALF_UP))
                .longValueExact();
        return Duration.ofNanos(micros * 1_000);
    }

    static String latency(Duration latency) {
        Duration shown = rounded(latency);
        return shown.toNanos() < 1_000_000 ? "under 1ms" : Durations.format(shown);
    }

    /** {@code 6.7%}. */
    static String percent(double fraction) {
        return number(fraction * 100) + "%";
    }

    /** Two places behind the point, or three digits of what is less than one: {@code 95}, {@code 99.95}, {@code 6.67}, {@code 0.005}. */
    static String number(double value) {
        BigDecimal exact = BigDecimal.valueOf(value);
        return (value >= 1 ? exact.setScale(2, RoundingMode.HALF_UP) : exact.round(new MathContext(3, RoundingMode.HALF_UP)))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** {@code 5 days}, {@code 1 day}, {@code 7 hours}, {@code 12 minutes}; rounded down, yet not for less than half an hour of a day. */
    static String roughly(Duration time) {
        long days = time.plusMinutes(30).toDays();
        if (days >= 1) {
            return count(days, "day");
        }
        if (time.toHours() >= 1) {
            return count(time.toHours(), "hour");
        }
        return time.toMinutes() >= 1 ? count(time.toMinutes(), "minute") : count(time.toSeconds(), "second");
    }

    /** {@code 2026-11-28 12:00 UTC}. */
    static String minute(Instant instant) {
        return MINUTE.format(instant);
    }

    /** At most so many characters, never half of one. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
        return text.substring(0, end) + "…";
    }

    private static String count(long n, String unit) {
        return n + " " + unit + (n == 1 ? "" : "s");
    }
}
