package dev.gatewatch.alerting.route;

import dev.gatewatch.view.AlertView;
import java.time.Duration;
import java.time.Instant;

/** When something is due by a clock that may have been set meanwhile. */
final class Times {
    private Times() {}

    /** A time after another; at once when that one lies so far ahead that the clock must have been set back since. */
    static Instant due(Instant from, Duration span, Instant now) {
        return from.isAfter(now.plus(span)) ? Instant.MIN : from.equals(Instant.MIN) ? from : from.plus(span);
    }

    /** Whether it was not longer ago than that. */
    static boolean within(Instant at, Duration span, Instant now) {
        return !at.isAfter(now) && at.isAfter(now.minus(span));
    }

    static Instant fired(AlertView alert) {
        return alert.firedAt().orElse(alert.startsAt());
    }
}
