package dev.gatewatch.alerting.channel;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a channel remembers from one message to the next, also over restarts: which message it posted for a group, so that it can answer
 * to it or change it. A help, not a promise: the oldest entries are forgotten when there are very many, and a channel must get along
 * without one. Safe for many threads.
 */
public interface ChannelMemory {
    /** What was last put under the key. */
    Optional<String> get(String key);

    /**
     * Remembers a value; durable when the call returns.
     *
     * @param key a group's key, or another text of at most 200 characters
     * @param value at most 1,000 characters
     */
    void put(String key, String value);

    void remove(String key);

    /** One that lasts as long as the object. */
    static ChannelMemory inMemory() {
        return new ChannelMemory() {
            private final ConcurrentHashMap<String, String> values = new ConcurrentHashMap<>();

            @Override
            public Optional<String> get(String key) {
                return Optional.ofNullable(values.get(key));
            }

            @Override
            public void put(String key, String value) {
                values.put(key, value);
            }

            @Override
            public void remove(String key) {
                values.remove(key);
            }
        };
    }
}
