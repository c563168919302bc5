package dev.gatewatch.config;

import java.util.Objects;

/** A value that must never be seen: {@code toString} and every log, metric, answer and alert show {@code <secret>}. Immutable. */
public final class Secret {
    /** What is shown in a secret's stead. */
    public static final String MASK = "<secret>";

    private final String value;

    public Secret(String value) {
        this.value = Objects.requireNonNull(value);
    }

    /** The value itself, for the one call that needs it. */
    public String reveal() {
        return value;
    }

    /** {@code text} with every occurrence of this secret masked, for texts that come back from a peer. */
    public String maskedIn(String text) {
        return value.length() < 4 ? text : text.replace(value, MASK);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret s
                && java.security.MessageDigest.isEqual(
                        value.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        s.value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return MASK;
    }
}
