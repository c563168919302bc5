package dev.gatewatch.engine;

import dev.gatewatch.probe.Series;
import java.time.Duration;

/**
 * Where in its interval a probe runs: derived from its name, so that it is the same after every restart, and spread evenly over the
 * interval, so that neither we nor the targets see all probes start at once. Pure.
 */
final class Offsets {
    private Offsets() {}

    /** A phase of at least zero and less than the interval, in whole milliseconds. */
    static Duration of(Series series, Duration interval) {
        long hash = 0xcbf29ce484222325L;
        hash = add(hash, series.probe());
        hash = add(hash, series.region());
        hash = add(hash, series.location());
        // the high half of the product maps the hash evenly to 0 … interval - 1
        return Duration.ofMillis(Math.unsignedMultiplyHigh(mix(hash), interval.toMillis()));
    }

    /** FNV-1a over the characters and an end mark (http://www.isthe.com/chongo/tech/comp/fnv/). */
    private static long add(long hash, String text) {
        long h = hash;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * 0x100000001b3L;
        }
        return (h ^ 0xffff) * 0x100000001b3L;
    }

    /** SplitMix64's finalizer: names that differ in one digit land far apart, which FNV's high bits alone do not give. */
    private static long mix(long hash) {
        long h = hash;
        h = (h ^ (h >>> 30)) * 0xbf58476d1ce4e5b9L;
        h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
        return h ^ (h >>> 31);
    }
}
