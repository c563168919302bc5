package dev.gatewatch.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of the whole configuration that readers of its parts need: read before them, found by their class. Immutable.
 */
public final class Shared {
    public static final Shared NONE = new Shared(Map.of());

    private final Map<Class<?>, Object> values;

    private Shared(Map<Class<?>, Object> values) {
        this.values = Map.copyOf(values);
    }

    /** These and one more, in the place of another of the same class. */
    public <T> Shared with(Class<T> type, T value) {
        var all = new HashMap<>(values);
        all.put(type, value);
        return new Shared(all);
    }

    /** The settings of this class, if the whole has such. */
    public <T> Optional<T> find(Class<T> type) {
        return Optional.ofNullable(values.get(type)).map(type::cast);
    }
}
