package dev.gatewatch.alerting.route;

import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Handling.HeldBack;
import java.time.Instant;
import java.util.Optional;

/** Something that keeps people from being told for a while: a silence, a maintenance window. A pure function. */
@FunctionalInterface
public interface Restraint {
    /** Nothing is held back. */
    Restraint NONE = (_, _) -> Optional.empty();

    /** Why nobody is told of this alert now; absent where nothing holds it back. */
    Optional<HeldBack> on(AlertView alert, Instant now);

    /** This, and where it holds nothing back another. */
    default Restraint or(Restraint other) {
        return (alert, now) -> on(alert, now).or(() -> other.on(alert, now));
    }
}
