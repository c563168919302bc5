package dev.gatewatch.backtest;

import dev.gatewatch.probe.Series;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the alerts of two configurations differ. Two alerts are the same one when rule and series are the same and their times touch.
 * Immutable.
 *
 * @param onlyFirst alerts of the first configuration alone
 * @param onlySecond alerts of the second alone
 * @param changed alerts of both that fired or ended at other times
 * @param same how many alerts are the same in both
 */
public record Comparison(List<Happening> onlyFirst, List<Happening> onlySecond, List<Pair> changed, int same) {
    /** An alert as the first configuration has it, and as the second has it. */
    public record Pair(Happening first, Happening second) {}

    private record Key(String rule, Series series) {}

    private static final Comparator<Happening> IN_TIME =
            Comparator.comparing(Happening::firedAt).thenComparing(a -> a.series().display());

    /** Compares what came of two configurations; {@code end} is when history ended. */
    public static Comparison of(Findings.Side first, Findings.Side second, Instant end) {
        Map<Key, List<Happening>> ones = byKey(first.alerts());
        Map<Key, List<Happening>> others = byKey(second.alerts());
        Set<Key> keys = new LinkedHashSet<>(ones.keySet());
        keys.addAll(others.keySet());
        var onlyFirst = new ArrayList<Happening>();
        var onlySecond = new ArrayList<Happening>();
        var changed = new ArrayList<Pair>();
        int same = 0;
        for (Key key : keys) {
            List<Happening> a = ones.getOrDefault(key, List.of());
            List<Happening> b = others.getOrDefault(key, List.of());
            int i = 0;
            int j = 0;
            while (i < a.size() && j < b.size()) {
                if (before(a.get(i), b.get(j), end)) {
                    onlyFirst.add(a.get(i++));
                } else if (before(b.get(j), a.get(i), end)) {
                    onlySecond.add(b.get(j++));
                } else if (alike(a.get(i), b.get(j))) {
                    same++;
                    i++;
                    j++;
                } else {
                    changed.add(new Pair(a.get(i++), b.get(j++)));
                }
            }
            onlyFirst.addAll(a.subList(i, a.size()));
            onlySecond.addAll(b.subList(j, b.size()));
        }
        onlyFirst.sort(IN_TIME);
        onlySecond.sort(IN_TIME);
        changed.sort(Comparator.comparing(Pair::first, IN_TIME));
        return new Comparison(List.copyOf(onlyFirst), List.copyOf(onlySecond), List.copyOf(changed), same);
    }

    /** By rule and series, each in the order of time. */
    private static Map<Key, List<Happening>> byKey(List<Happening> alerts) {
        var map = new LinkedHashMap<Key, List<Happening>>();
        alerts.forEach(alert -> map.computeIfAbsent(new Key(alert.rule(), alert.series()), _ -> new ArrayList<>()).add(alert));
        return map;
    }

    /** Whether one is over before the other's trouble begins. */
    private static boolean before(Happening one, Happening other, Instant end) {
        return one.endsAt().orElse(end.plusMillis(1)).isBefore(other.startsAt());
    }

    private static boolean alike(Happening one, Happening other) {
        return one.firedAt().equals(other.firedAt()) && one.endsAt().equals(other.endsAt());
    }

    /** Whether the two come to the same. */
    public boolean isSame() {
        return onlyFirst.isEmpty() && onlySecond.isEmpty() && changed.isEmpty();
    }
}
