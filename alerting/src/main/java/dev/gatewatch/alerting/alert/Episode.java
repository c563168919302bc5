package dev.gatewatch.alerting.alert;

import dev.gatewatch.view.AlertView.State;
import java.time.Instant;
import java.util.Optional;

/**
 * The course of one alert: a stretch of trouble, from its first bad run to its end. Immutable. Times are whole milliseconds.
 *
 * @param startsAt when the trouble began; never changes
 * @param heldSince start of the run that first made the rule's condition hold; {@code for} counts from here
 * @param clearSince since when the condition has been clear, while {@code keep_firing_for} keeps the alert firing
 * @param level the tightest bound that was crossed
 * @param confirmed how many runs after the first have found the condition to hold, while pending
 */
record Episode(
        State state,
        Instant startsAt,
        Instant heldSince,
        Optional<Instant> firedAt,
        Optional<Instant> clearSince,
        Optional<Instant> endsAt,
        String endReason,
        int level,
        int confirmed) {
    static final String HEALED = "healed";
    static final String REMOVED = "removed";

    static Episode pending(Instant startsAt, Instant heldSince, int level) {
        return new Episode(
                State.PENDING, startsAt, heldSince, Optional.empty(), Optional.empty(), Optional.empty(), "", level, 0);
    }

    Episode heldSince(Instant instant) {
        return new Episode(state, startsAt, instant, firedAt, clearSince, endsAt, endReason, level, confirmed);
    }

    Episode confirmed(int runs) {
        return new Episode(state, startsAt, heldSince, firedAt, clearSince, endsAt, endReason, level, runs);
    }

    Episode fired(Instant at) {
        return new Episode(State.FIRING, startsAt, heldSince, Optional.of(at), clearSince, endsAt, endReason, level, confirmed);
    }

    Episode clearSince(Optional<Instant> instant) {
        return new Episode(state, startsAt, heldSince, firedAt, instant, endsAt, endReason, level, confirmed);
    }

    Episode level(int newLevel) {
        return new Episode(state, startsAt, heldSince, firedAt, clearSince, endsAt, endReason, newLevel, confirmed);
    }

    /** Ends it; never before it began, even when a clock stepped back. */
    Episode resolved(Instant at, String reason) {
        Instant end = at.isBefore(startsAt) ? startsAt : at;
        return new Episode(State.RESOLVED, startsAt, heldSince, firedAt, Optional.empty(), Optional.of(end), reason, level, confirmed);
    }
}
