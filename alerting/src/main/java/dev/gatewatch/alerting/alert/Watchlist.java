package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All series of a plan with the rules that watch them, tied to their other regions, their parents and children, and to those that speak for
 * several regions. Who is on it does not change. Confined to the evaluator's thread.
 */
final class Watchlist {
    static final Watchlist EMPTY = new Watchlist(new Plan(List.of()), List.of());

    private final Map<Series, WatchedSeries> series = new HashMap<>();
    private final List<Quorum> quorums = new ArrayList<>();
    private final List<Watch> timed;

    Watchlist(Plan plan, List<Rule> rules) {
        record Family(String probe, String location) {}
        var families = new HashMap<Family, List<WatchedSeries>>();
        plan.probes().forEach((name, spec) -> {
            var watched = new WatchedSeries(spec, rules);
            series.put(name, watched);
            families.computeIfAbsent(new Family(name.probe(), name.location()), _ -> new ArrayList<>())
                    .add(watched);
        });
        for (List<WatchedSeries> family : families.values()) {
            quorums.addAll(Quorum.among(family));
            for (WatchedSeries member : family) {
                member.otherRegions = family.stream().filter(other -> other != member).toList();
            }
        }
        Dependencies.tie(series, plan);
        timed = watches().filter(watch -> watch.rule.when().judgedByTime()).toList();
    }

    Optional<WatchedSeries> find(Series name) {
        return Optional.ofNullable(series.get(name));
    }

    Collection<WatchedSeries> series() {
        return Collections.unmodifiableCollection(series.values());
    }

    /** Every rule on every series that it selects. */
    Stream<Watch> watches() {
        return series.values().stream().flatMap(watched -> watched.watches.stream());
    }

    /** Those that are judged as time passes. */
    List<Watch> timed() {
        return timed;
    }

    /** Those that speak for several regions. */
    List<Quorum> quorums() {
        return Collections.unmodifiableList(quorums);
    }

    /** How far back runs have to be known for judging. */
    Duration reach() {
        return series.values().stream().map(WatchedSeries::remembers).reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b);
    }
}
