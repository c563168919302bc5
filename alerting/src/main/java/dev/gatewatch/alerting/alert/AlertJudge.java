package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.alert.AlertMachine.Gate;
import dev.gatewatch.alerting.alert.AlertMachine.Moment;
import dev.gatewatch.alerting.alert.AlertMachine.Step;
import dev.gatewatch.alerting.alert.Recurrence.Ended;
import dev.gatewatch.alerting.delivery.Dispatch;
import dev.gatewatch.alerting.route.Router;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.Verdict;
import dev.gatewatch.alerting.slo.Excluded;
import dev.gatewatch.alerting.slo.SloBook;
import dev.gatewatch.alerting.trend.TrailBook;
import dev.gatewatch.baseline.live.Learnt;
import dev.gatewatch.engine.Judge;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import dev.gatewatch.view.SloView;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.jdbi.v3.core.Handle;

/**
 * Judges rules, moves alerts and hands their news to delivery. {@link #current} is safe for many threads; the rest belongs to the
 * evaluator's.
 *
 * <p>Each run is judged by itself, in the order of the journal, so that it makes no difference how runs fell into batches. Only the
 * touched series' rules are looked at, and the open alerts of the probe's other regions; when time passes, only open alerts.
 */
public final class AlertJudge implements Judge {
    private static final Duration LONGEST_MEMORY = Duration.ofHours(24);

    /** How long pictures stand where nothing changes. */
    private static final Duration PICTURED = Duration.ofSeconds(10);

    private final List<Rule> rules;
    private final Telling telling;
    private final Dispatch dispatch;
    private final Surroundings surroundings;
    private final Learnt learnt;
    private final AlertTexts texts;
    private final SloBook slos;
    private final TrailBook trails;
    private final Chronicle chronicle;

    /** Whether alerts outlast this process. */
    private final boolean durable;

    // working state, made by restore
    private Watchlist watchlist = Watchlist.EMPTY;
    private OwnNetwork ownNetwork = new OwnNetwork(Duration.ZERO);
    private ExternalAlerts external;
    private Duration memory = Duration.ZERO;
    private AlertBook book;
    private OpenAlerts alerts;
    private final List<Alert> orphans = new ArrayList<>();
    private final SequencedSet<Series> toRun = new LinkedHashSet<>();

    /** Those of which a region's alert has moved. */
    private final SequencedSet<Quorum> stirred = new LinkedHashSet<>();

    /** Whether nothing was judged since the state was made. */
    private boolean first = true;

    private Map<String, List<AlertView>> pictures = Map.of();
    private Instant picturedUntil = Instant.MIN;
    private Instant now = Instant.EPOCH;
    private long verdicts;

    // published
    private volatile List<AlertView> current = List.of();

    /**
     * A judge.
     *
     * @param rules with unique names
     * @param learnt what is usual; advances before
     */
    public AlertJudge(List<Rule> rules, Learnt learnt, Router router, Dispatch dispatch, Surroundings surroundings) {
        this(rules, learnt, router, dispatch, surroundings, Chronicle.NONE, true);
    }

    private AlertJudge(
            List<Rule> rules,
            Learnt learnt,
            Router router,
            Dispatch dispatch,
            Surroundings surroundings,
            Chronicle chronicle,
            boolean durable) {
        this.rules = List.copyOf(rules);
        this.dispatch = dispatch;
        this.telling = new Telling(router, dispatch);
        this.surroundings = surroundings;
        this.learnt = learnt;
        this.texts = new AlertTexts(learnt, surroundings.changes());
        this.slos = new SloBook(surroundings.excluded(), durable);
        this.trails = new TrailBook(durable);
        this.chronicle = chronicle;
        this.durable = durable;
        this.book = new AlertBook(durable);
        this.external = new ExternalAlerts(this.rules, new Plan(List.of()));
        this.alerts = new OpenAlerts(book, telling, chronicle, Map.of());
    }

    /**
     * A judge of what is past: it judges as any other, but tells nobody, asks for no runs, and neither reads nor writes the store.
     *
     * @param excluded which runs no objective counts
     * @param chronicle hears what comes of it
     */
    public static AlertJudge ofHistory(List<Rule> rules, Learnt learnt, Excluded excluded, Chronicle chronicle) {
        return new AlertJudge(rules, learnt, Nobody.ROUTER, Nobody.DISPATCH, Surroundings.NONE.with(excluded), chronicle, false);
    }

    /**
     * Pending and firing alerts, and those resolved in the last 24 hours (at most 1,000): firing first, then pending, newest first. As of
     * the last transaction that held.
     */
    public List<AlertView> current() {
        return current;
    }

    /** Whether any alert is pending or firing now. For the judge's own thread. */
    public boolean hasOpen() {
        return !alerts.keepers().isEmpty();
    }

    /** How objectives stand, as of some seconds ago at most. Safe for many threads. */
    public List<SloView> objectives() {
        return slos.current();
    }

    /**
     * Whether a series has a firing alert for another reason than that it is unusual: baselines do not learn it then. What only is unusual
     * is left to the baseline itself, which takes a lasting change for the usual after hours. Looks at this series' rules alone, however many
     * alerts are open; belongs to the evaluator's thread.
     */
    public boolean inTrouble(Series name) {
        return watchlist.find(name).filter(WatchedSeries::inTrouble).isPresent();
    }

    /** How many verdicts were reached so far: the measure of the work done. */
    long verdicts() {
        return verdicts;
    }

    @Override
    public void restore(Handle tx, Plan plan, Instant at) {
        now = at;
        watchlist = new Watchlist(plan, rules);
        slos.restore(tx, watchlist.watches().map(w -> new SloBook.Watched(w.rule, w.series.spec, w.series.window)).toList());
        trails.restore(
                tx, watchlist.watches().map(w -> new TrailBook.Watched(w.rule, w.series.spec.series(), w.series.window)).toList());
        // judging lags behind the start of runs
        Duration reach = watchlist.reach().plus(Duration.ofMinutes(1));
        memory = reach.compareTo(LONGEST_MEMORY) > 0 ? LONGEST_MEMORY : reach;
        book = durable ? AlertBook.read(tx, at) : new AlertBook(false);
        alerts = new OpenAlerts(book, telling, chronicle, surroundings.acknowledgements().get());
        ownNetwork = new OwnNetwork(memory.minusMinutes(1));
        external = new ExternalAlerts(rules, plan);
        orphans.clear();
        toRun.clear();
        stirred.clear();
        first = true;
        picturedUntil = Instant.MIN;
        telling.restored();
        if (durable) {
            resume(AlertTable.endsSince(tx, at.minus(LONGEST_MEMORY.multipliedBy(2))), book.open());
        }
        // what is stored did hold, so a reload or restart leaves no moment without alerts
        show();
    }

    /** Gives the open alerts back to those who keep them. */
    private void resume(Map<String, List<Ended>> ends, List<Alert> open) {
        if (ends.isEmpty() && open.isEmpty()) {
            return; // no fingerprint is needed
        }
        var keepers = new HashMap<String, Keeper>();
        for (WatchedSeries watched : watchlist.series()) {
            for (Watch watch : watched.watches) {
                keepers.put(Alert.fingerprint(watch.rule.name(), watched.spec.series()), watch);
            }
            keepers.putIfAbsent(OwnNetwork.fingerprint(watched.spec.series().location()), ownNetwork);
        }
        watchlist.quorums().forEach(quorum -> keepers.put(quorum.fingerprint(), quorum));
        open.stream()
                .filter(ExternalAlerts::is)
                .map(alert -> alert.view().fingerprint())
                .forEach(fingerprint -> keepers.put(fingerprint, external.keeper(fingerprint)));
        ends.forEach((fingerprint, ended) -> {
            // those whose rule or probe is gone are taken for other monitors', and soon forgotten
            Keeper known = keepers.get(fingerprint);
            Keeper keeper = known == null ? external.keeper(fingerprint) : known;
            ended.forEach(keeper.past()::add);
        });
        for (Alert alert : open) {
            Keeper keeper = keepers.get(alert.view().fingerprint());
            if (keeper == null || keeper.alert().isPresent()) {
                orphans.add(alert);
            } else {
                alerts.goesOn(
                        keeper,
                        keeper instanceof Watch watch
                                ? alert.handled(alert.view().handling().dependents(watch.series.dependents))
                                : alert);
            }
        }
    }

    @Override
    public Duration memory() {
        return memory;
    }

    @Override
    public void remember(Result result) {
        watchlist.find(result.series()).ifPresent(watched -> {
            ownNetwork.remember(result);
            take(watched, result);
        });
    }

    /** Takes a run in; answers the dependents that it frees, nothing where it says nothing. */
    private static Optional<List<WatchedSeries>> take(WatchedSeries watched, Result result) {
        Instant seen = millis(result.endedAt());
        List<WatchedSeries> held = Dependencies.heldBy(watched, seen);
        return watched.add(result) ? Optional.of(Dependencies.freed(held, seen)) : Optional.empty();
    }

    @Override
    public void advance(Handle tx, List<Result> results, Instant at) {
        now = at.truncatedTo(ChronoUnit.MILLIS);
        if (first) {
            begin(tx, results.isEmpty() ? now : millis(results.getFirst().startedAt()));
        }
        for (Result result : results) {
            watchlist.find(result.series()).ifPresent(watched -> {
                slos.count(result);
                judge(tx, watched, result);
            });
        }
        // with runs still to come, time has passed only up to the last one that is judged: the next may go on with an alert
        pass(tx, results.isEmpty() ? now : millis(results.getLast().endedAt()));
        if (durable) {
            alerts.acknowledge(surroundings.acknowledgements().get());
            external.look(surroundings.inbound().get(), () -> book.open(), now)
                    .forEach(seen -> alerts.follow(tx, seen.keeper(), seen.step(), seen.text(), now));
            alerts.tell(tx, now);
        }
        slos.save(tx, now);
        trails.save(tx, now);
        book.write(tx, now);
        book.age(now);
    }

    /** What a changed configuration, or the past that was remembered, means for the alerts. */
    private void begin(Handle tx, Instant seen) {
        first = false;
        orphans.forEach(alert -> alerts.orphaned(alert, now));
        orphans.clear();
        for (Keeper keeper : List.copyOf(alerts.keepers())) {
            if (keeper instanceof Watch watch) {
                hold(watch, seen);
            }
        }
        stirred.addAll(watchlist.quorums());
        settle(tx, seen);
    }

    private void judge(Handle tx, WatchedSeries watched, Result result) {
        Instant seen = millis(result.endedAt());
        var moment = new Moment(millis(result.startedAt()), seen);
        alerts.follow(tx, ownNetwork, ownNetwork.step(result, moment), text(result), now);
        take(watched, result).ifPresent(freed -> {
            watched.window.judged(result, learnt);
            freed.forEach(child -> child.watches.forEach(this::restart));
            watched.watches.forEach(watch -> judge(tx, watch, moment));
            watched.otherRegions.forEach(this::rediagnose);
            watched.children.forEach(child -> reconsider(tx, child, seen));
            settle(tx, seen);
        });
    }

    private static Optional<Alert.Text> text(Result result) {
        return OwnNetwork.isSilent(result) ? Optional.of(OwnNetwork.text(result)) : Optional.empty();
    }

    /** Lets time pass. */
    private void pass(Handle tx, Instant passed) {
        for (Watch watch : watchlist.timed()) {
            watch.series.window.passed(passed);
            if (verdict(watch) instanceof Verdict.Holds holds) {
                step(tx, watch, holds, new Moment(passed, passed), passed, false);
            }
        }
        for (Keeper keeper : List.copyOf(alerts.keepers())) {
            if (keeper instanceof Watch watch && watch.isCooling()) {
                pass(tx, watch, passed);
            }
        }
        if (ownNetwork.isCooling()) {
            Step step = AlertMachine.pass(ownNetwork.alert().map(Alert::episode), ownNetwork.patience(), passed);
            alerts.follow(tx, ownNetwork, step, Optional.empty(), now);
        }
        settle(tx, passed);
    }

    private void pass(Handle tx, Watch watch, Instant passed) {
        follow(tx, watch, AlertMachine.pass(watch.alert().map(Alert::episode), watch.patience(), passed), Optional.empty());
    }

    @Override
    public void committed() {
        telling.committed();
        // the pictures lose resolved alerts as time passes
        boolean due = durable && (!now.isBefore(picturedUntil) || now.plus(PICTURED).isBefore(picturedUntil));
        if (book.takeChanged() || due) {
            show();
            pictures = telling.pictures(book.open(), book.resolved(), now);
            picturedUntil = now.plus(PICTURED);
        }
        slos.committed(now);
        dispatch.committed(pictures, now);
        toRun.forEach(surroundings.reruns()::soon);
        toRun.clear();
    }

    private void show() {
        current = book.shown();
    }

    private void judge(Handle tx, Watch watch, Moment moment) {
        Verdict verdict = verdict(watch);
        if (watch.alert().isPresent() || verdict instanceof Verdict.Holds) {
            step(tx, watch, verdict, moment, moment.end(), true);
        }
    }

    /** What was found while a parent failed, and was told to nobody, does not count. */
    private void restart(Watch watch) {
        if (watch.alert().filter(alert -> !alert.firing()).isPresent()) {
            alerts.drop(watch);
        }
    }

    /** A parent has run: what waited for that may go on, or is held back. */
    private void reconsider(Handle tx, WatchedSeries child, Instant seen) {
        for (Watch watch : child.watches) {
            if (watch.alert().isEmpty()) {
                continue;
            }
            Optional<Result> last = child.window.last();
            if (last.isPresent() && child.window.size() > 0 && child.isRecent(last.get(), seen)) {
                var moment = new Moment(millis(last.get().startedAt()), millis(last.get().endedAt()));
                step(tx, watch, verdict(watch), moment, seen, false);
            } else {
                hold(watch, seen);
            }
        }
        child.children.forEach(grandchild -> reconsider(tx, grandchild, seen));
    }

    /** @param another whether the series itself has run */
    private void step(Handle tx, Watch watch, Verdict verdict, Moment moment, Instant seen, boolean another) {
        Optional<Episode> open = watch.alert().map(Alert::episode);
        // one that time has ended by now is not the one that may fire
        Gate gate = gate(watch, AlertMachine.pass(open, watch.patience(), moment.end()).open(), verdict, seen);
        Step step = AlertMachine.judge(open, watch.past().notBefore(), verdict, watch.patience(), moment, gate, another);
        Optional<Alert.Text> text = verdict instanceof Verdict.Holds holds
                ? Optional.of(texts.of(watch, holds, step.open()))
                : Optional.empty();
        follow(tx, watch, step, text);
        hold(watch, seen);
        if (another && verdict instanceof Verdict.Holds) {
            watch.alert().map(Alert::episode).filter(e -> e.state() == AlertView.State.PENDING).ifPresent(pending -> {
                if (gate != Gate.SHUT && pending.confirmed() < watch.rule.confirm()) {
                    toRun.add(watch.series.spec.series());
                }
                if (gate == Gate.AWAITING) {
                    Dependencies.awaited(watch.series, pending.startsAt(), seen).forEach(parent -> toRun.add(parent.spec.series()));
                }
            });
        }
    }

    private void follow(Handle tx, Watch watch, Step step, Optional<Alert.Text> text) {
        alerts.follow(tx, watch, step, text, now);
        watch.quorum().ifPresent(stirred::add);
    }

    private void hold(Watch watch, Instant seen) {
        alerts.heldBack(watch, Dependencies.down(watch.series, seen).map(by -> new HeldBack(Reason.DEPENDENCY, by)));
    }

    /** Where a region's alert has moved, the probe's may do so too. */
    private void settle(Handle tx, Instant seen) {
        while (!stirred.isEmpty()) {
            Quorum quorum = stirred.removeFirst();
            // a region's alert that time has ended by now does not count
            quorum.members().stream().filter(Watch::isCooling).forEach(member -> pass(tx, member, seen));
            stirred.remove(quorum);
            alerts.follow(tx, quorum, quorum.step(seen), quorum.text(), now);
            alerts.heldBack(quorum, quorum.heldBack());
        }
    }

    private static Gate gate(Watch watch, Optional<Episode> open, Verdict verdict, Instant seen) {
        if (watch.series.parents.isEmpty() || !(verdict instanceof Verdict.Holds holds)) {
            return Gate.OPEN;
        }
        return Dependencies.gate(watch.series, open.map(Episode::startsAt).orElse(holds.since()), seen);
    }

    private Verdict verdict(Watch watch) {
        verdicts++;
        return watch.rule.when().judge(watch.series.window);
    }

    /** Another region's run may change what is thought of this one's trouble, not whether there is any. */
    private void rediagnose(WatchedSeries watched) {
        for (Watch watch : watched.watches) {
            if (watch.alert().isPresent() && verdict(watch) instanceof Verdict.Holds holds) {
                Alert alert = watch.alert().get();
                alerts.stands(watch, alert.with(texts.of(watch, holds, Optional.of(alert.episode()))));
                watch.quorum().ifPresent(stirred::add);
            }
        }
    }

    private static Instant millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }
}
