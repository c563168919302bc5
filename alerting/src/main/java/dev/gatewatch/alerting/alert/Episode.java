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
 * @param level the tightest bound that was told of
 */
record Episode(
        State state,
        Instant startsAt,
        Instant heldSince,
        Optional<Instant> firedAt,
        Optional<Instant> clearSince,
        Optional<Instant> endsAt,
        String endReason,
        int level) {
    static final String HEALED = "healed";
    static final String REMOVED = "removed";

    static Episode pending(Instant startsAt, Instant heldSince, int level) {
        return new Episode(
                State.PENDING, startsAt, heldSince, Optional.empty(), Optional.empty(), Optional.empty(), "", level);
    }

    Episode heldSince(Instant instant) {
        return new Episode(state, startsAt, instant, firedAt, clearSince, endsAt, endReason, level);
    }

    Episode fired(Instant at) {
        return new Episode(State.FIRING, startsAt, heldSince, Optional.of(at), clearSince, endsAt, endReason, level);
    }

    Episode clearSince(Optional<Instant> instant) {
        return new Episode(state, startsAt, heldSince, firedAt, instant, endsAt, endReason, level);
    }

    Episode level(int newLevel) {
        return new Episode(state, startsAt, heldSince, firedAt, clearSince, endsAt, endReason, newLevel);
    }

    /** Ends it; never before it began, even when a clock stepped back. */
    Episode resolved(Instant at, String reason) {
        Instant end = at.isBefore(startsAt) ? startsAt : at;
        return new Episode(State.RESOLVED, startsAt, heldSince, firedAt, Optional.empty(), Optional.of(end), reason, level);
    }
}
