package dev.gatewatch.probes.resources;

import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * A classic histogram: how many observations were at most so large, by that bound, summed over its series. Confined to the run's thread.
 */
final class Buckets {
    /** More than any histogram has; bounds what is remembered. */
    static final int MOST = 200;

    private final NavigableMap<Double, Double> counts = new TreeMap<>();

    /** Adds the count of one series' bucket; what is beyond the bound of buckets is left out. */
    void add(double bound, double count) {
        if (!Double.isNaN(bound) && Double.isFinite(count) && (counts.size() < MOST || counts.containsKey(bound))) {
            counts.merge(bound, count, Double::sum);
        }
    }

    NavigableMap<Double, Double> counts() {
        return counts;
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    /** What was observed since; everything where the counters began anew. */
    Buckets since(Buckets before) {
        boolean anew = counts.entrySet().stream()
                .anyMatch(e -> e.getValue() < before.counts.getOrDefault(e.getKey(), 0.0));
        var grown = new Buckets();
        counts.forEach((bound, count) ->
                grown.counts.put(bound, anew ? count : count - before.counts.getOrDefault(bound, 0.0)));
        return grown;
    }

    /**
     * A quantile as Prometheus's {@code histogram_quantile} reckons it: by a straight line within a bucket; the last bound but infinity
     * where it lies beyond.
     *
     * @return nothing where nothing was observed, or there is no bucket for infinity
     */
    OptionalDouble quantile(double quantile) {
        if (counts.size() < 2 || counts.lastKey() != Double.POSITIVE_INFINITY) {
            return OptionalDouble.empty();
        }
        double total = counts.lastEntry().getValue();
        if (total <= 0) {
            return OptionalDouble.empty();
        }
        double rank = quantile * total;
        double below = counts.firstKey() > 0 ? 0 : counts.firstKey();
        double before = 0;
        for (Map.Entry<Double, Double> bucket : counts.entrySet()) {
            double bound = bucket.getKey();
            double count = Math.max(before, bucket.getValue());
            if (count >= rank) {
                if (bound == Double.POSITIVE_INFINITY) {
                    return OptionalDouble.of(below);
                }
                return OptionalDouble.of(
                        count == before ? bound : below + (bound - below) * (rank - before) / (count - before));
            }
            below = bound;
            before = count;
        }
        return OptionalDouble.empty();
    }
}
