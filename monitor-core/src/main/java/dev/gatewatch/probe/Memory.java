package dev.gatewatch.probe;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the runs of one series remember for the next: a fingerprint seen last, a counter's last value, a rotated token. The engine keeps
 * it over restarts, and forgets it with the series; after a crash the last moments may be missing, so nothing may depend on it but
 * comparison. Safe for many threads.
 *
 * <p>Small: keys of at most {@value #LONGEST_KEY} characters, values of at most {@value #LONGEST_VALUE}, {@value #MOST_KEYS} keys.
 */
public interface Memory {
    int LONGEST_KEY = 200;
    int LONGEST_VALUE = 65_536;
    int MOST_KEYS = 100;

    /** What was put last. */
    Optional<String> get(String key);

    /**
     * Remembers a value in the place of the one before.
     *
     * @throws IllegalArgumentException when key, value or number of keys is over its limit
     */
    void put(String key, String value);

    /** Forgets a value, if there is one. */
    void remove(String key);

    /** A memory that begins empty and ends with the process: for single runs. */
    static Memory fresh() {
        return new Memory() {
            private final Map<String, String> values = new ConcurrentHashMap<>();

            @Override
            public Optional<String> get(String key) {
                return Optional.ofNullable(values.get(key));
            }

            @Override
            public void put(String key, String value) {
                check(key, value, values.containsKey(key) ? values.size() - 1 : values.size());
                values.put(key, value);
            }

            @Override
            public void remove(String key) {
                values.remove(key);
            }
        };
    }

    /** Throws for what is over a limit. */
    static void check(String key, String value, int others) {
        if (key.length() > LONGEST_KEY || value.length() > LONGEST_VALUE || others >= MOST_KEYS) {
            throw new IllegalArgumentException("too much to remember: " + others + " values beside \"" + key + "\" of "
                    + value.length() + " characters");
        }
    }
}
