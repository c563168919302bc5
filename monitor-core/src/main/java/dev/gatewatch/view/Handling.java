package dev.gatewatch.view;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What people and other alerts make of an alert. Immutable.
 *
 * @param incident the id of the incident it belongs to: the first alert's of a row of troubles that follow each other closely; empty
 *     where only its own is meant
 * @param heldBack why nobody is told of it at present; absent when nothing holds it back
 * @param flapping whether it fired and resolved so often lately that its end is told only once it has been quiet for a while
 * @param dependents names of the probes whose alerts are held back while this one lasts, sorted
 */
public record Handling(
        String incident,
        Optional<Acknowledgement> acknowledged,
        Optional<HeldBack> heldBack,
        boolean flapping,
        List<String> dependents) {
    /** Of an alert that stands for itself. */
    public static final Handling NONE = new Handling("", Optional.empty(), Optional.empty(), false, List.of());

    public Handling {
        dependents = List.copyOf(dependents);
    }

    public Handling acknowledged(Optional<Acknowledgement> by) {
        return new Handling(incident, by, heldBack, flapping, dependents);
    }

    public Handling heldBack(Optional<HeldBack> by) {
        return new Handling(incident, acknowledged, by, flapping, dependents);
    }

    /** The same, flapping. */
    public Handling flaps() {
        return new Handling(incident, acknowledged, heldBack, true, dependents);
    }

    public Handling dependents(List<String> probes) {
        return new Handling(incident, acknowledged, heldBack, flapping, probes);
    }

    /**
     * Somebody takes care of it: no reminders, no further steps of escalation.
     *
     * @param comment may be empty
     */
    public record Acknowledgement(String by, Instant at, String comment) {}

    /**
     * Nobody is told of it at present.
     *
     * @param by what holds it back: the parent probe's name, the silence's id, the maintenance window's name
     */
    public record HeldBack(Reason reason, String by) {}

    /** Why nobody is told. */
    public enum Reason {
        /** A probe that it depends on fails. */
        DEPENDENCY,
        SILENCE,
        MAINTENANCE,
        QUIET_HOURS,
        /** Our own network fails. */
        OWN_NETWORK;

        /** The word used in JSON and on the page. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
