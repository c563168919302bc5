package dev.gatewatch.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a probe has to say about one run; the engine adds who, where and when to make a {@link Result} of it. Immutable.
 *
 * @param cause absent for {@link Outcome#PASS}, present otherwise
 * @param message one line for a person woken at night: what was seen against what was expected; empty for a pass
 * @param phases parts of the duration in the order they happened
 */
public record Report(
        Outcome outcome,
        Optional<Cause> cause,
        String message,
        SequencedMap<String, Duration> phases,
        SequencedMap<String, Fact> facts,
        List<Evidence> evidence) {
    public Report {
        phases = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(phases));
        facts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(facts));
        evidence = List.copyOf(evidence);
        if (cause.isPresent() == (outcome == Outcome.PASS)) {
            throw new IllegalArgumentException("a cause goes with every outcome but pass: " + outcome + ", " + cause);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Gathers a report while a run goes on. Confined to the run's thread unless its probe says otherwise. */
    public static final class Builder {
        private final LinkedHashMap<String, Duration> phases = new LinkedHashMap<>();
        private final LinkedHashMap<String, Fact> facts = new LinkedHashMap<>();
        private final List<Evidence> evidence = new ArrayList<>();
        private Outcome outcome = Outcome.PASS;
        private @Nullable Cause cause;
        private String message = "";

        private Builder() {}

        /** Adds to a phase; a phase told twice (redirects) is summed. */
        public Builder phase(String name, Duration took) {
            phases.merge(name, took, Duration::plus);
            return this;
        }

        public Builder fact(String name, double value) {
            facts.put(name, Fact.of(value));
            return this;
        }

        public Builder fact(String name, long value) {
            return fact(name, (double) value);
        }

        public Builder fact(String name, String value) {
            facts.put(name, Fact.of(value));
            return this;
        }

        public Builder fact(String name, boolean value) {
            facts.put(name, Fact.of(value));
            return this;
        }

        public Builder evidence(String title, String text) {
            evidence.add(new Evidence(title, text));
            return this;
        }

        /** The target failed. The first failure stands; later ones are kept as evidence. */
        public Builder fail(Cause cause, String message) {
            return worsen(Outcome.FAIL, cause, message);
        }

        /** The target works less well than expected. */
        public Builder degraded(Cause cause, String message) {
            return worsen(Outcome.DEGRADED, cause, message);
        }

        /** Our own side failed. */
        public Builder broken(Cause cause, String message) {
            return worsen(Outcome.BROKEN, cause, message);
        }

        /** How the run stands so far. */
        public Outcome outcome() {
            return outcome;
        }

        private Builder worsen(Outcome to, Cause why, String what) {
            if (to.compareTo(outcome) > 0) {
                if (cause != null) {
                    evidence.add(new Evidence("also", cause.code() + ": " + message));
                }
                outcome = to;
                cause = why;
                message = what;
            } else {
                evidence.add(new Evidence("also", why.code() + ": " + what));
            }
            return this;
        }

        public Report build() {
            return new Report(outcome, Optional.ofNullable(cause), message, phases, facts, evidence);
        }
    }
}
