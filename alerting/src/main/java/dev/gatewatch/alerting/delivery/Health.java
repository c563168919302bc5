package dev.gatewatch.alerting.delivery;

import java.time.Duration;
import java.time.Instant;

/** How a lane gets on with its receiver. Immutable. */
sealed interface Health {
    /** A receiver that takes nothing for so long is told of through other channels. */
    Duration PATIENCE = Duration.ofMinutes(15);

    /** Nothing is known yet, or nothing that calls for a person. */
    record Open() implements Health {}

    /** It took what it was given last. */
    record Good() implements Health {}

    /**
     * A person has to look after it.
     *
     * @param since when it took nothing for the first time
     * @param broken whether it says itself that no retry will help
     */
    record Trouble(Instant since, String reason, boolean broken, long waiting) implements Health {}
}
