package dev.gatewatch.backtest;

import dev.gatewatch.alerting.route.Maintenance;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.engine.Plan;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What is to be found out. Immutable.
 *
 * @param sides the configurations: one, or two that are compared
 * @param unknown what becomes of series that no configuration has
 * @param interval between runs of series that no configuration has; absent where it is to be taken from the runs themselves
 * @param reorder by how much a run may come late
 * @param zone whose days and weeks baselines follow
 * @param workers on how many threads is judged, at least 1
 */
public record Setup(
        List<Side> sides, Unknown unknown, Optional<Duration> interval, Duration reorder, ZoneId zone, int workers) {
    public Setup {
        sides = List.copyOf(sides);
        if (sides.isEmpty() || sides.size() > 2) {
            throw new IllegalArgumentException("one configuration or two");
        }
    }

    /**
     * One configuration.
     *
     * @param name what people call it
     * @param location of runs that do not say where they were made
     */
    public record Side(String name, Plan plan, List<Rule> rules, Maintenance maintenance, String location) {
        public Side {
            rules = List.copyOf(rules);
        }
    }

    /** What becomes of a series that no configuration has. */
    public enum Unknown {
        /** It is a mistake. */
        REFUSED,
        /** It is not judged. */
        LEFT_OUT,
        /** The rules that select it judge it. */
        JUDGED
    }
}
