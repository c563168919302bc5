package dev.gatewatch.baseline;

import dev.gatewatch.baseline.BaselineSettings.Direction;
import java.util.Locale;
import java.util.Optional;

/**
 * What of a series is compared with what is usual for it. Immutable.
 *
 * @param name of the phase or fact; empty for the other kinds
 * @param direction in which a change matters; {@link Direction#HIGHER} for all but facts
 */
public record Quantity(Kind kind, String name, Direction direction) {
    /** What sort of thing it is. */
    public enum Kind {
        /** How long a run takes, in milliseconds. */
        LATENCY,
        /** The share of runs that fail; learnt together with the latency. */
        ERRORS,
        /** How long one phase of a run takes, in milliseconds. */
        PHASE,
        /** A number that a run measures beside its latency, in its own unit. */
        FACT
    }

    public static final Quantity LATENCY = new Quantity(Kind.LATENCY, "", Direction.HIGHER);
    public static final Quantity ERRORS = new Quantity(Kind.ERRORS, "", Direction.HIGHER);

    private static final String PHASE = "phase.";
    private static final String FACT = "fact.";

    public static Quantity phase(String name) {
        return new Quantity(Kind.PHASE, name, Direction.HIGHER);
    }

    public static Quantity fact(String name, Direction direction) {
        return new Quantity(Kind.FACT, name, direction);
    }

    /**
     * Reads {@code latency}, {@code errors}, {@code phase.NAME} or {@code fact.NAME}; {@code error_rate} is read as {@code errors}.
     *
     * @return nothing where it is none of these; a fact matters in both directions
     */
    public static Optional<Quantity> parse(String text) {
        return switch (text) {
            case "latency" -> Optional.of(LATENCY);
            case "errors", "error_rate" -> Optional.of(ERRORS);
            default -> named(text, PHASE)
                    .map(Quantity::phase)
                    .or(() -> named(text, FACT).map(name -> fact(name, Direction.BOTH)));
        };
    }

    private static Optional<String> named(String text, String prefix) {
        return text.startsWith(prefix) && text.length() > prefix.length()
                ? Optional.of(text.substring(prefix.length()))
                : Optional.empty();
    }

    /** As it is written: {@code latency}, {@code errors}, {@code phase.connect}, {@code fact.quota_left}. */
    public String code() {
        return switch (kind) {
            case LATENCY -> "latency";
            case ERRORS -> "errors";
            case PHASE -> PHASE + name;
            case FACT -> FACT + name;
        };
    }

    /** As the store names it: what is learnt in one direction is of no use in another. */
    public String key() {
        return kind == Kind.FACT ? code() + " " + direction.name().toLowerCase(Locale.ROOT) : code();
    }

    /** Of which quantity's baseline it is a part: errors are learnt with the latency. */
    public Quantity home() {
        return kind == Kind.ERRORS ? LATENCY : this;
    }

    /** Whether its numbers are milliseconds. */
    public boolean isTime() {
        return kind == Kind.LATENCY || kind == Kind.PHASE;
    }

    /** What a baseline of it needs to know, given what one of latencies does. */
    public BaselineSettings settings(BaselineSettings ofLatency) {
        if (kind != Kind.FACT) {
            return ofLatency;
        }
        BaselineSettings any = BaselineSettings.anyFact();
        return new BaselineSettings(ofLatency.zone(), direction, any.scale(), any.leastChange(), any.leastRatio());
    }
}
