package dev.gatewatch.config;

import java.util.Map;
import java.util.Optional;

/**
 * How one kind of value is written: reads it, describes it to people, and to editors as JSON Schema. The ready-made ones are in
 * {@link Types}; a section is one too ({@link SectionType}). Immutable.
 */
public interface ValueType<T> {
    /** The value, or nothing after each problem was told to {@code reading}. Never throws for what a user wrote. */
    Optional<T> read(Node node, Reading reading);

    /** For the reference page and error messages: {@code duration, 1s to 24h}. */
    String describe();

    /** JSON Schema (2020-12) of the value as written. */
    Map<String, Object> jsonSchema();
}
