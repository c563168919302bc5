package dev.gatewatch.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A mapping whose keys were all read and found clean: what a section's reader builds its immutable value from. Confined to the
 * reading thread.
 */
public final class Section {
    private final Node.Fields node;
    private final Map<Key<?>, Object> values;
    private final Reading reading;

    Section(Node.Fields node, Map<Key<?>, Object> values, Reading reading) {
        this.node = node;
        this.values = new HashMap<>(values);
        this.reading = reading;
    }

    /** The value of a key that is required or has a default. */
    public <T> T get(Key<T> key) {
        return find(key).orElseThrow(() -> new IllegalStateException(
                "key " + key + " is neither required nor has a default, or is not among this section's keys"));
    }

    /** The value of a key as written, else its default, else nothing. */
    @SuppressWarnings("unchecked") // the map is filled by each key's own type
    public <T> Optional<T> find(Key<T> key) {
        Object value = values.get(key);
        return value != null ? Optional.of((T) value) : key.fallback();
    }

    /** Whether the user wrote this key. */
    public boolean has(Key<?> key) {
        return values.containsKey(key);
    }

    /** The node of a key, for a cross-check's place; the section itself where the key was left out. */
    public Node at(Key<?> key) {
        Node value = node.fields().get(key.name());
        return value != null ? value : node;
    }

    public Node.Fields node() {
        return node;
    }

    public Reading reading() {
        return reading;
    }

    /** Tells of a problem that only several keys together show. The section then counts as unreadable. */
    public void problem(Key<?> key, String message) {
        reading.problems().error(at(key), message);
    }
}
