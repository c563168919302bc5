package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.alert.AlertMachine.Gate;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What series mean to those that depend on them. While a parent is down nobody is told of its children; they are probed and resolved as ever.
 * A child's trouble is told of only once its parents have been looked at since it began. Pure functions of the watched series.
 */
final class Dependencies {
    private Dependencies() {}

    /** Ties the series together. */
    static void tie(Map<Series, WatchedSeries> all, Plan plan) {
        for (WatchedSeries child : all.values()) {
            var parents = new ArrayList<List<WatchedSeries>>();
            for (Plan.Parent parent : plan.parents(child.spec)) {
                List<WatchedSeries> members = parent.series().stream()
                        .map(all::get)
                        .filter(java.util.Objects::nonNull)
                        // one that no rule watches would hold its children back in silence
                        .filter(member -> !member.watches.isEmpty())
                        .toList();
                if (!members.isEmpty()) {
                    parents.add(members);
                    members.forEach(member -> member.children.add(child));
                }
            }
            child.parents = List.copyOf(parents);
        }
        all.values().forEach(parent -> parent.dependents = dependents(parent));
    }

    private static List<String> dependents(WatchedSeries parent) {
        var names = new TreeSet<String>();
        collect(parent, names, new HashSet<>());
        names.remove(parent.spec.series().probe());
        return List.copyOf(names);
    }

    private static void collect(WatchedSeries parent, Set<String> names, Set<WatchedSeries> seen) {
        for (WatchedSeries child : parent.children) {
            if (seen.add(child)) {
                names.add(child.spec.series().probe());
                collect(child, names, seen);
            }
        }
    }

    /** The parent that is down; of several generations the eldest. */
    static Optional<String> down(WatchedSeries child) {
        for (List<WatchedSeries> parent : child.parents) {
            if (parent.stream().allMatch(Dependencies::isDown)) {
                WatchedSeries first = parent.getFirst();
                return down(first).or(() -> Optional.of(first.spec.series().probe()));
            }
        }
        return Optional.empty();
    }

    /** Whether its latest run failed, and that counts for a rule: somebody will hear of it. */
    private static boolean isDown(WatchedSeries series) {
        return series.window.size() > 0
                && series.window.outcome(0) == Outcome.FAIL
                && series.watches.stream().anyMatch(w -> w.rule.when().counts(series.window, 0));
    }

    /** Whether a child's alert may fire. */
    static Gate gate(WatchedSeries child, Instant troubleSince, Instant at) {
        if (down(child).isPresent()) {
            return Gate.SHUT;
        }
        boolean allSeen = child.parents.stream()
                .allMatch(parent -> parent.stream().anyMatch(member -> isSeen(member, troubleSince, at)));
        return allSeen ? Gate.OPEN : Gate.AWAITING;
    }

    /** A parent that does not run any more is not waited for. */
    private static boolean isSeen(WatchedSeries parent, Instant since, Instant at) {
        ProbeSpec spec = parent.spec;
        Duration patience = spec.interval().plus(spec.timeout()).plusSeconds(1);
        return (parent.window.size() > 0 && !parent.window.startedAt(0).isBefore(since))
                || !at.isBefore(since.plus(patience));
    }
}
