package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.ChannelMemory;
import dev.gatewatch.store.State;
import dev.gatewatch.store.Store;
import dev.gatewatch.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel's memory in the store. Where the store fails it goes on in memory only: a message that arrived must not count as failed
 * because it could not be remembered.
 */
public final class StoredMemory implements ChannelMemory {
    /** More groups than this are not open at once; what is left over was never closed. */
    private static final int MOST = 2_000;

    private static final Duration LONGEST = Duration.ofDays(90);
    private static final Logger LOG = LoggerFactory.getLogger(StoredMemory.class);

    private final Store store;
    private final String namespace;
    private final InstantSource clock;
    private final int most;

    // guarded by this
    private @Nullable Map<String, Entry> entries;

    public StoredMemory(Store store, String channel, InstantSource clock) {
        this(store, channel, clock, MOST);
    }

    /** One that forgets earlier. */
    StoredMemory(Store store, String channel, InstantSource clock, int most) {
        this.store = store;
        this.namespace = "channel/" + channel;
        this.clock = clock;
        this.most = most;
    }

    private record Entry(Instant at, String value) {
        static Entry decode(byte[] bytes) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            int space = text.indexOf(' ');
            return new Entry(Instant.ofEpochMilli(Long.parseLong(text.substring(0, space))), text.substring(space + 1));
        }

        byte[] encode() {
            return (at.toEpochMilli() + " " + value).getBytes(StandardCharsets.UTF_8);
        }
    }

    @Override
    public synchronized Optional<String> get(String key) {
        return Optional.ofNullable(entries().get(key)).map(Entry::value);
    }

    @Override
    public synchronized void put(String key, String value) {
        var entry = new Entry(clock.instant(), value);
        entries().put(key, entry);
        tried(() -> store.write(tx -> {
            State.put(tx, namespace, key, entry.encode());
            return true;
        }));
        forgetTheOldest();
    }

    @Override
    public synchronized void remove(String key) {
        if (entries().remove(key) != null) {
            delete(List.of(key));
        }
    }

    private Map<String, Entry> entries() {
        if (entries == null) {
            var read = new HashMap<String, Entry>();
            tried(() -> store.read(handle -> State.all(handle, namespace))
                    .forEach((key, bytes) -> read.put(key, Entry.decode(bytes))));
            entries = read;
        }
        return entries;
    }

    private void forgetTheOldest() {
        Map<String, Entry> all = entries();
        Instant least = clock.instant().minus(LONGEST);
        List<String> old = all.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.comparing(Entry::at).reversed()))
                .skip(most)
                .map(Map.Entry::getKey)
                .toList();
        List<String> stale = all.entrySet().stream()
                .filter(entry -> entry.getValue().at().isBefore(least))
                .map(Map.Entry::getKey)
                .toList();
        for (List<String> keys : List.of(old, stale)) {
            keys.forEach(all::remove);
            delete(keys);
        }
    }

    private void delete(List<String> keys) {
        if (!keys.isEmpty()) {
            tried(() -> store.write(tx -> {
                keys.forEach(key -> State.delete(tx, namespace, key));
                return true;
            }));
        }
    }

    private void tried(Runnable work) {
        try {
            work.run();
        } catch (StoreException e) {
            LOG.warn("What {} has posted is not remembered over a restart: {}", namespace, e.getMessage());
        }
    }
}
