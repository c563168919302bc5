package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.alert.AlertMachine.Gate;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
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
    static Optional<String> down(WatchedSeries child, Instant at) {
        for (List<WatchedSeries> parent : child.parents) {
            if (parent.stream().allMatch(member -> isDown(member, at))) {
                WatchedSeries first = parent.getFirst();
                return down(first, at).or(() -> Optional.of(first.spec.series().probe()));
            }
        }
        return Optional.empty();
    }

    /** Whether its latest run failed, not long ago, and that counts for a rule: somebody will hear of it. */
    private static boolean isDown(WatchedSeries series, Instant at) {
        return series.window.size() > 0
                && series.window.outcome(0) == Outcome.FAIL
                && at.isBefore(series.window.startedAt(0).plus(stale(series)))
                && series.watches.stream().anyMatch(w -> w.rule.when().counts(series.window, 0));
    }

    /**
     * Those that are held back at present, also by way of others, by the trouble of this one that people were told of; nearest first. When
     * it is over, what was found meanwhile is no reason to tell of them. (A parent that fails now and then, and of which nobody hears,
     * must not keep its children from being told of for ever.)
     */
    static List<WatchedSeries> heldBy(WatchedSeries parent, Instant at) {
        if (parent.children.isEmpty()
                || !isDown(parent, at)
                || parent.watches.stream().noneMatch(watch -> watch.firedBefore(at))) {
            return List.of();
        }
        var held = new LinkedHashSet<WatchedSeries>();
        var next = new ArrayDeque<>(parent.children);
        while (!next.isEmpty()) {
            WatchedSeries child = next.removeFirst();
            if (down(child, at).isPresent() && held.add(child)) {
                next.addAll(child.children);
            }
        }
        return List.copyOf(held);
    }

    /** Of those the ones that are held back no more: they are judged afresh. */
    static List<WatchedSeries> freed(List<WatchedSeries> held, Instant at) {
        var freed = new ArrayList<WatchedSeries>();
        for (WatchedSeries child : held) {
            if (down(child, at).isEmpty()) {
                child.forget();
                freed.add(child);
            }
        }
        return freed;
    }

    /** Whether a child's alert may fire. */
    static Gate gate(WatchedSeries child, Instant troubleSince, Instant at) {
        if (down(child, at).isPresent()) {
            return Gate.SHUT;
        }
        // what it found while a parent failed says nothing
        return child.isHeld() || !awaited(child, troubleSince, at).isEmpty() ? Gate.AWAITING : Gate.OPEN;
    }

    /** The series that a child's alert waits for. */
    static List<WatchedSeries> awaited(WatchedSeries child, Instant troubleSince, Instant at) {
        // trouble does not begin in the future: the clock was set back
        Instant since = troubleSince.isAfter(at) && child.window.size() > 0 ? child.window.startedAt(0) : troubleSince;
        return child.parents.stream()
                .filter(parent -> isAwaited(parent, since, at))
                .flatMap(List::stream)
                .toList();
    }

    private static boolean isAwaited(List<WatchedSeries> parent, Instant since, Instant at) {
        return parent.stream().noneMatch(member -> isSeen(member, since, at));
    }

    /** A parent that does not run any more is not waited for. */
    private static boolean isSeen(WatchedSeries parent, Instant since, Instant at) {
        return (parent.window.size() > 0 && !parent.window.startedAt(0).isBefore(since))
                || !at.isBefore(since.plus(patience(parent)).plusSeconds(1));
    }

    /** How long a failure holds others back where no further run follows. */
    static Duration stale(WatchedSeries series) {
        return patience(series).multipliedBy(2).plusSeconds(60);
    }

    private static Duration patience(WatchedSeries series) {
        ProbeSpec spec = series.spec;
        return spec.interval().plus(spec.timeout());
    }
}
