package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.calendar.Almanac;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Times in which a route keeps quiet about what is not grave enough. Immutable.
 *
 * @param severities which alerts wait
 */
public record QuietHours(Set<Severity> severities, Almanac when) {
    public QuietHours {
        severities = Collections.unmodifiableSet(EnumSet.copyOf(severities));
    }

    /** Why the route says nothing of an alert of this severity now; absent when it may. */
    Optional<HeldBack> on(Severity severity, Instant now) {
        return severities.contains(severity) && when.at(now).isPresent()
                ? Optional.of(new HeldBack(Reason.QUIET_HOURS, when.schedule().display()))
                : Optional.empty();
    }
}
