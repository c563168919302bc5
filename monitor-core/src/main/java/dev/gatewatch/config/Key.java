package dev.gatewatch.config;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One key of a section: its name, type, default and meaning in one place. Readers, the JSON Schema and the reference page all come
 * from it. Immutable.
 */
public final class Key<T> {
    private final String name;
    private final ValueType<T> type;
    private final String meaning;
    private final boolean required;
    private final @Nullable T fallback;
    private final @Nullable String fallbackText;

    private Key(
            String name,
            ValueType<T> type,
            String meaning,
            boolean required,
            @Nullable T fallback,
            @Nullable String fallbackText) {
        this.name = Objects.requireNonNull(name);
        this.type = Objects.requireNonNull(type);
        this.meaning = Objects.requireNonNull(meaning);
        this.required = required;
        this.fallback = fallback;
        this.fallbackText = fallbackText;
    }

    /** A key that must be there. */
    public static <T> Key<T> required(String name, ValueType<T> type, String meaning) {
        return new Key<>(name, type, meaning, true, null, null);
    }

    /** A key that may be left out; read it with {@link Section#find}. */
    public static <T> Key<T> optional(String name, ValueType<T> type, String meaning) {
        return new Key<>(name, type, meaning, false, null, null);
    }

    /** A key with a default; {@code fallbackText} is the default as a user would write it. */
    public static <T> Key<T> withDefault(
            String name, ValueType<T> type, T fallback, String fallbackText, String meaning) {
        return new Key<>(name, type, meaning, false, Objects.requireNonNull(fallback), fallbackText);
    }

    public String name() {
        return name;
    }

    public ValueType<T> type() {
        return type;
    }

    /** One or two sentences for the reference page. */
    public String meaning() {
        return meaning;
    }

    public boolean isRequired() {
        return required;
    }

    public Optional<T> fallback() {
        return Optional.ofNullable(fallback);
    }

    /** The default as a user would write it. */
    public Optional<String> fallbackText() {
        return Optional.ofNullable(fallbackText);
    }

    @Override
    public String toString() {
        return name;
    }
}
