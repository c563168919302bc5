package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.rule.Condition;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.SeriesWindow;
import dev.gatewatch.baseline.Band;
import dev.gatewatch.baseline.live.Learnt;
import dev.gatewatch.diagnosis.Pace;
import dev.gatewatch.diagnosis.Standing;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A series that rules watch: its window, its watches, and the other regions of its probe. Confined to the evaluator's thread. */
final class WatchedSeries {
    /** How many runs back regions are compared. */
    private static final int COMPARED = 8;

    final ProbeSpec spec;
    final List<Watch> watches;
    final SeriesWindow window;

    /** Set once all series are known. */
    List<WatchedSeries> otherRegions = List.of();

    /** What it depends on, each with all its series; set once all are known. */
    List<List<WatchedSeries>> parents = List.of();

    /** What depends on it. */
    final List<WatchedSeries> children = new ArrayList<>();

    /** Names of all probes that depend on it, also by way of others. */
    List<String> dependents = List.of();

    /** Whether a parent was down when it last ran. */
    private boolean held;

    private final boolean hasRegion;

    WatchedSeries(ProbeSpec spec, List<Rule> rules) {
        this.spec = spec;
        this.watches = rules.stream().filter(r -> r.selects(spec)).map(r -> new Watch(r, this)).toList();
        this.hasRegion = !spec.series().region().isEmpty();
        this.window = SeriesWindow.of(
                spec, watches.stream().map(w -> w.rule.when()).toList(), hasRegion ? COMPARED : 1);
    }

    /** Takes a run in, and answers whether it says anything. */
    boolean add(Result result) {
        if (!window.add(result)) {
            return false;
        }
        held = Dependencies.down(this, result.endedAt()).isPresent();
        return true;
    }

    boolean isHeld() {
        return held;
    }

    /** After a parent's trouble it is judged afresh. */
    void forget() {
        window.forget();
        held = false;
    }

    /** How far back its judgement looks. */
    Duration reach() {
        Duration compared = hasRegion ? Condition.reachOf(COMPARED, spec.interval()) : Duration.ZERO;
        return watches.stream()
                .map(w -> w.rule.when().reach(spec.interval()))
                .reduce(compared, (a, b) -> a.compareTo(b) > 0 ? a : b);
    }

    /** How far back runs have to be known: a parent's last failure decides what counts of its children's runs. */
    Duration remembers() {
        return parents.stream()
                .flatMap(List::stream)
                .map(Dependencies::stale)
                .max(Duration::compareTo)
                .map(longest -> reach().plus(longest).plus(Condition.reachOf(1, spec.interval())))
                .orElse(reach());
    }

    /** Whether a run was not so long ago that others say nothing about it any more. */
    boolean isRecent(Result run, Instant at) {
        return at.isBefore(run.startedAt().plus(Condition.reachOf(1, spec.interval())));
    }

    /** How it stands by the measure of this condition, and how fast beside what is usual for it; nothing without runs. */
    Optional<Standing> standing(Condition condition, Learnt learnt) {
        int known = Math.min(COMPARED, window.within(Condition.reachOf(COMPARED, spec.interval())));
        if (known == 0) {
            return Optional.empty();
        }
        boolean well = condition.well(window, 0);
        int first = 0;
        while (first + 1 < known && condition.well(window, first + 1) == well) {
            first++;
        }
        return Optional.of(new Standing(
                spec.series(),
                !well,
                window.startedAt(first),
                window.startedAt(0),
                window.last().map(Result::duration).orElse(Duration.ZERO),
                pace(learnt)));
    }

    private Optional<Pace> pace(Learnt learnt) {
        Band usual = learnt.usual(spec.series(), window.startedAt(0));
        return usual.known()
                ? window.middleLatency(COMPARED, Condition.reachOf(COMPARED, spec.interval()))
                        .map(now -> new Pace(now, millis(usual.middle()), millis(usual.upper())))
                : Optional.empty();
    }

    private static Duration millis(double millis) {
        return Duration.ofNanos(Math.round(millis * 1e6));
    }

    /** Whether something is firing of it for another reason than that it is unusual: what runs meanwhile says nothing of what is usual. */
    boolean inTrouble() {
        return watches.stream()
                .anyMatch(watch -> watch.rule.when().learnt().isEmpty() && watch.alert().filter(Alert::firing).isPresent());
    }
}
