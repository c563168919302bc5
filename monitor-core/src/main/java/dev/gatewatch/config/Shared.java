package dev.gatewatch.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Settings of the whole configuration that readers of its parts need: read before them, found by their class. Immutable.
 */
public final class Shared {
    public static final Shared NONE = new Shared(Map.of(), List.of());

    /** What settings were made of: what was written, and the files that it names, each with its state. Immutable. */
    public record Origin(Node written, SortedMap<Path, String> files) {
        public Origin {
            files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        }
    }

    private final Map<Class<?>, Object> values;
    private final List<Origin> origins;

    private Shared(Map<Class<?>, Object> values, List<Origin> origins) {
        this.values = Map.copyOf(values);
        this.origins = List.copyOf(origins);
    }

    /** These and one more, in the place of another of the same class. */
    public <T> Shared with(Class<T> type, T value) {
        var all = new HashMap<>(values);
        all.put(type, value);
        return new Shared(all, origins);
    }

    /** The same settings; what was made with them has to be made anew when this changes. */
    public Shared from(Origin origin) {
        var all = new ArrayList<>(origins);
        all.add(origin);
        return new Shared(values, all);
    }

    /** What all of it was made of, in the order it was added. */
    public List<Origin> origins() {
        return origins;
    }

    /** The settings of this class, if the whole has such. */
    public <T> Optional<T> find(Class<T> type) {
        return Optional.ofNullable(values.get(type)).map(type::cast);
    }
}
