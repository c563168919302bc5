package dev.gatewatch.alerting.channel.support;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The Retry-After header: seconds, or an HTTP date (RFC 9110, section 10.2.3). */
public final class RetryAfter {
    /** A wish for more is taken as this: a receiver's mistake must not silence alarms for good. */
    public static final Duration LONGEST = Duration.ofDays(1);

    private RetryAfter() {}

    /**
     * How long to wait, from zero to {@link #LONGEST}; nothing where the header makes no sense.
     *
     * @param now the receiver's clock
     */
    public static Optional<Duration> parse(String header, Instant now) {
        String text = header.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.of(text.length() > 9 ? LONGEST : bounded(Duration.ofSeconds(Long.parseLong(text))));
        }
        try {
            Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(bounded(Duration.between(now, at)));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /** A number of seconds from a JSON body, which may have a fraction; rounded up. */
    public static Optional<Duration> ofSeconds(double seconds) {
        return seconds >= 0 && Double.isFinite(seconds)
                ? Optional.of(bounded(Duration.ofMillis((long) Math.ceil(Math.min(seconds, 1e9) * 1000))))
                : Optional.empty();
    }

    private static Duration bounded(Duration wish) {
        return wish.isNegative() ? Duration.ZERO : wish.compareTo(LONGEST) > 0 ? LONGEST : wish;
    }
}
