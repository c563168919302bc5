package dev.gatewatch.backtest;

import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a back-test has found. Immutable.
 *
 * @param source what people call the history
 * @param from when its first run began
 * @param to when its last run began
 * @param runs how many were read, those of series that were left out with them
 * @param series how many series were judged
 * @param sides what came of each configuration
 * @param tracks pictures of the series that alerted, in the order of the history; empty where none are wanted
 * @param notes what a person should know, a line each
 * @param took how long it took
 */
public record Findings(
        String source,
        Instant from,
        Instant to,
        long runs,
        int series,
        List<Side> sides,
        Map<Series, Track> tracks,
        List<String> notes,
        Duration took) {
    public Findings {
        sides = List.copyOf(sides);
        notes = List.copyOf(notes);
    }

    /**
     * What came of one configuration.
     *
     * @param name of the configuration
     * @param rules the names of all its rules, in their order
     * @param alerts in the order in which they fired
     * @param more how many alerts of a rule there were beside those in {@code alerts}, where there are too many
     */
    public record Side(String name, List<String> rules, List<Happening> alerts, Map<String, Long> more) {
        public Side {
            rules = List.copyOf(rules);
            alerts = List.copyOf(alerts);
            more = Map.copyOf(more);
        }

        /** How many alerts there were in all. */
        public long count() {
            return alerts.size() + more.values().stream().mapToLong(n -> n).sum();
        }

        /** How many alerts of a rule there were. */
        public long count(String rule) {
            return alerts.stream().filter(a -> a.rule().equals(rule)).count() + more.getOrDefault(rule, 0L);
        }

        /** How long the alerts of a rule fired, those that are listed. */
        public Duration lasted(String rule, Instant end) {
            return alerts.stream()
                    .filter(a -> a.rule().equals(rule))
                    .map(a -> a.lasted(end))
                    .reduce(Duration.ZERO, Duration::plus);
        }
    }

    /** How many weeks the history spans; at least a minute of one. */
    public double weeks() {
        return Math.max(60_000, Duration.between(from, to).toMillis()) / 604_800_000.0;
    }
}
