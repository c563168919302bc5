package dev.gatewatch.engine;

import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.State;
import dev.gatewatch.store.Store;
import dev.gatewatch.store.StoreException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the runs of all series remember: in memory for them, in the store for the next start. What was changed is written with the next
 * group of results. Safe for many threads.
 */
final class Memories {
    private static final Logger LOG = LoggerFactory.getLogger(Memories.class);
    private static final String NAMESPACE = "memory";
    private static final char BETWEEN = '\u001f';
    private static final JsonMapper JSON = new JsonMapper();

    private final Store store;
    private final Map<String, SeriesMemory> memories = new ConcurrentHashMap<>();

    /** Changed since they were written; also holds the keys of series that are gone. */
    private final Set<String> changed = ConcurrentHashMap.newKeySet();

    Memories(Store store) {
        this.store = store;
    }

    /** Brings back what was written. To be called before the first run. */
    void restore() {
        store.read(handle -> State.all(handle, NAMESPACE)).forEach((key, value) -> read(value)
                .ifPresent(values -> memories.put(key, new SeriesMemory(key, values))));
    }

    Memory of(Series series) {
        return memories.computeIfAbsent(key(series), key -> new SeriesMemory(key, Map.of()));
    }

    /** Forgets all other series. */
    void retain(Set<Series> series) {
        var kept = new HashSet<String>();
        series.forEach(s -> kept.add(key(s)));
        memories.keySet().removeIf(key -> {
            boolean gone = !kept.contains(key);
            if (gone) {
                changed.add(key);
            }
            return gone;
        });
    }

    /** Writes what was changed since the last time; what could not be written is tried again with the next. */
    void write() {
        if (changed.isEmpty()) {
            return;
        }
        Set<String> now = Set.copyOf(changed);
        // before they are read: a change that comes meanwhile is written next time
        changed.removeAll(now);
        try {
            store.write(tx -> {
                now.forEach(key -> write(tx, key));
                return now.size();
            });
        } catch (StoreException e) {
            changed.addAll(now);
            LOG.debug("What probes remember is written later; the journal meets the same trouble and tells of it", e);
        }
    }

    private void write(Handle tx, String key) {
        SeriesMemory memory = memories.get(key);
        if (memory == null || memory.values.isEmpty()) {
            State.delete(tx, NAMESPACE, key);
        } else {
            State.put(tx, NAMESPACE, key, JSON.writeValueAsBytes(new HashMap<>(memory.values)));
        }
    }

    /** Nothing where another version wrote something else: memory is for comparison only. */
    private static Optional<Map<String, String>> read(byte[] value) {
        try {
            @Nullable Map<String, String> values = JSON.readValue(value, new TypeReference<Map<String, String>>() {});
            return Optional.ofNullable(values);
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static String key(Series series) {
        return series.probe() + BETWEEN + series.region() + BETWEEN + series.location();
    }

    private final class SeriesMemory implements Memory {
        private final String series;
        private final Map<String, String> values;

        SeriesMemory(String series, Map<String, String> values) {
            this.series = series;
            this.values = new ConcurrentHashMap<>(values);
        }

        @Override
        public Optional<String> get(String key) {
            return Optional.ofNullable(values.get(key));
        }

        @Override
        public void put(String key, String value) {
            Memory.check(key, value, values.containsKey(key) ? values.size() - 1 : values.size());
            if (!value.equals(values.put(key, value))) {
                changed.add(series);
            }
        }

        @Override
        public void remove(String key) {
            if (values.remove(key) != null) {
                changed.add(series);
            }
        }
    }
}
