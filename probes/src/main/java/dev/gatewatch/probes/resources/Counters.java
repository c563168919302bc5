package dev.gatewatch.probes.resources;

import dev.gatewatch.probe.Memory;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What counters had at the last run, kept in the memory of a series, to tell how fast they grow. Confined to the run's thread; {@link
 * #keep} writes what this run saw.
 */
final class Counters {
    private static final String KEY = "counters";
    private static final long FORGOTTEN = Duration.ofDays(1).toMillis();

    private final Memory memory;
    private final long now;
    private final Map<String, Seen> before;
    private final Map<String, Seen> after = new LinkedHashMap<>();

    private record Seen(long millis, double value) {}

    Counters(Memory memory, Instant now) {
        this.memory = memory;
        this.now = now.toEpochMilli();
        this.before = read(memory.get(KEY).orElse(""));
    }

    /**
     * How fast a counter grew since the last run; nothing in the first one, and where the clock did not go forward. A counter that fell
     * began anew at zero, as its process did.
     *
     * @param name of the counter
     * @param fingerprint changes when the name begins to mean something else
     */
    OptionalDouble perSecond(String name, String fingerprint, double value) {
        String id = name + "." + Integer.toHexString(fingerprint.hashCode());
        after.put(id, new Seen(now, value));
        Seen last = before.get(id);
        if (last == null || last.millis >= now) {
            return OptionalDouble.empty();
        }
        double grown = value >= last.value ? value - last.value : value;
        return OptionalDouble.of(grown / ((now - last.millis) / 1e3));
    }

    /** Remembers this run's values for the next. */
    void keep() {
        if (after.isEmpty()) {
            return;
        }
        // a counter that was missing this time keeps its place for a while
        before.forEach((id, seen) -> {
            if (Math.abs(now - seen.millis) < FORGOTTEN) {
                after.putIfAbsent(id, seen);
            }
        });
        var text = new StringBuilder();
        after.forEach((id, seen) -> {
            if (text.length() < Memory.LONGEST_VALUE - 300) {
                text.append(id).append(' ').append(seen.millis).append(' ').append(seen.value).append('\n');
            }
        });
        memory.put(KEY, text.toString());
    }

    private static Map<String, Seen> read(String text) {
        var seen = new LinkedHashMap<String, Seen>();
        for (String line : text.split("\n")) {
            String[] words = line.split(" ");
            try {
                if (words.length == 3) {
                    seen.put(words[0], new Seen(Long.parseLong(words[1]), Double.parseDouble(words[2])));
                }
            } catch (NumberFormatException _) {
                // written by another version; begins anew
            }
        }
        return seen;
    }
}
