package dev.gatewatch.view;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/**
 * A change of what is watched, such as a deployment. Immutable.
 *
 * @param labels which probes it is about: those that have all of these; all probes where there are none
 * @param by who marked it
 * @param watchedUntil up to when what follows is compared with what was before; absent while it goes on
 * @param verdict what became of the probes, as its word for JSON; empty where that is not known yet
 */
public record ChangeView(
        String id,
        SequencedMap<String, String> labels,
        String comment,
        String by,
        Instant beganAt,
        Optional<Instant> endedAt,
        Optional<Instant> watchedUntil,
        String verdict) {
    public ChangeView {
        labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
    }

    /** Where a change is in its time. */
    public enum State {
        /** It began and has not ended. */
        GOING_ON,
        /** It has ended; what follows is watched. */
        WATCHED,
        /** All that is compared has been seen. */
        OVER;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Whether a change is about a probe.
     *
     * @param property the value of a probe's property or label; empty where it has none
     */
    public boolean isAbout(UnaryOperator<String> property) {
        return labels.entrySet().stream().allMatch(l -> l.getValue().equals(property.apply(l.getKey())));
    }

    public State state(Instant now) {
        if (endedAt.isEmpty()) {
            return State.GOING_ON;
        }
        return watchedUntil.filter(until -> !now.isBefore(until)).isPresent() ? State.OVER : State.WATCHED;
    }
}
