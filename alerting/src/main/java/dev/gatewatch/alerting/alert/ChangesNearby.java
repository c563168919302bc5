package dev.gatewatch.alerting.alert;

import dev.gatewatch.engine.ProbeSpec;
import java.time.Instant;
import java.util.Optional;

/** Tells what was changed when a trouble began. Asked on the evaluator's thread; must be quick. */
@FunctionalInterface
public interface ChangesNearby {
    /** Nothing is ever changed. */
    ChangesNearby NONE = (_, _) -> Optional.empty();

    /**
     * A change that a trouble may come from.
     *
     * @param words how the trouble's beginning stands to it: {@code 3 min after change deploy-42 began}; the same whenever it is asked
     */
    record Nearby(String id, String words) {}

    /** The change that a trouble of this series may come from, if there is one. */
    Optional<Nearby> to(ProbeSpec spec, Instant startsAt);
}
