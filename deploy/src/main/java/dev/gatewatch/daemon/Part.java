package dev.gatewatch.daemon;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.ValueType;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One key of the root that remembers what was read, so that the parts which are clean can be checked against each other even when
 * another is not. Serves one reading, on its thread.
 */
final class Part<T> implements ValueType<T> {
    private final ValueType<T> type;
    private final Key<T> key;
    private @Nullable T value;
    private @Nullable Node node;

    /** A part that has a value even where it is left out; {@code fallbackText} is the default in a person's words. */
    Part(String name, ValueType<T> type, T fallback, String fallbackText, String meaning) {
        this.type = type;
        this.key = Key.withDefault(name, this, fallback, fallbackText, meaning);
    }

    Key<T> key() {
        return key;
    }

    /** What was read, or the default where nothing was written; nothing when it has problems. */
    Optional<T> value() {
        return node == null ? key.fallback() : Optional.ofNullable(value);
    }

    /** What was written. */
    Optional<Node> node() {
        return Optional.ofNullable(node);
    }

    @Override
    public Optional<T> read(Node written, Reading reading) {
        node = written;
        Optional<T> read = type.read(written, reading);
        value = read.orElse(null);
        return read;
    }

    @Override
    public String describe() {
        return type.describe();
    }

    @Override
    public Map<String, Object> jsonSchema() {
        return type.jsonSchema();
    }
}
