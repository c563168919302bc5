package dev.gatewatch.probes.revocation;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** How this package says times and reasons. Pure functions. */
final class Words {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Words() {}

    static String minute(Instant instant) {
        return MINUTE.format(instant);
    }

    /** How long something is past, as {@code 3 days}, in the largest unit that fits. */
    static String about(Duration duration) {
        if (duration.toDays() > 0) {
            return count(duration.toDays(), "day");
        }
        if (duration.toHours() > 0) {
            return count(duration.toHours(), "hour");
        }
        return duration.toMinutes() > 0
                ? count(duration.toMinutes(), "minute")
                : count(Math.max(1, duration.toSeconds()), "second");
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }

    /** Why an answer is stale, if it is. */
    static Optional<String> staleness(Instant thisUpdate, Optional<Instant> nextUpdate, Duration longest, Instant now) {
        if (nextUpdate.isPresent()) {
            return now.isAfter(nextUpdate.get())
                    ? Optional.of("its next update was due "
                            + about(Duration.between(nextUpdate.get(), now)) + " ago (" + minute(nextUpdate.get())
                            + ")")
                    : Optional.empty();
        }
        return now.isAfter(thisUpdate.plus(longest))
                ? Optional.of("it was made " + about(Duration.between(thisUpdate, now)) + " ago (" + minute(thisUpdate)
                        + ") and names no next update")
                : Optional.empty();
    }

    /** A reason code of RFC 5280 section 5.3.1; empty for none that says anything. */
    static String reason(int code) {
        return switch (code) {
            case 1 -> "key compromise";
            case 2 -> "CA compromise";
            case 3 -> "affiliation changed";
            case 4 -> "superseded";
            case 5 -> "cessation of operation";
            case 6 -> "on hold";
            case 9 -> "privilege withdrawn";
            case 10 -> "attribute authority compromise";
            default -> "";
        };
    }
}
