package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.alert.AlertMachine.Change;
import dev.gatewatch.alerting.alert.AlertMachine.Gate;
import dev.gatewatch.alerting.alert.AlertMachine.Kind;
import dev.gatewatch.alerting.alert.AlertMachine.Moment;
import dev.gatewatch.alerting.alert.AlertMachine.Step;
import dev.gatewatch.alerting.alert.AlertTable.End;
import dev.gatewatch.alerting.delivery.Dispatch;
import dev.gatewatch.alerting.route.Router;
import dev.gatewatch.alerting.rule.Occasion;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.Verdict;
import dev.gatewatch.alerting.slo.Excluded;
import dev.gatewatch.alerting.slo.SloBook;
import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.diagnosis.Diagnosis;
import dev.gatewatch.diagnosis.Finding;
import dev.gatewatch.diagnosis.Standing;
import dev.gatewatch.diagnosis.Symptom;
import dev.gatewatch.engine.Judge;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.Reruns;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Handling;
import dev.gatewatch.view.Handling.Acknowledgement;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import dev.gatewatch.view.SloView;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Judges rules, moves alerts and hands their news to delivery. {@link #current} is safe for many threads; the rest belongs to the
 * evaluator's.
 *
 * <p>Each run is judged by itself, in the order of the journal, so that it makes no difference how runs fell into batches. Only the
 * touched series' rules are looked at, and the open alerts of the probe's other regions; when time passes, only open alerts.
 */
public final class AlertJudge implements Judge {
    private static final Duration LONGEST_MEMORY = Duration.ofHours(24);

    private final List<Rule> rules;
    private final List<Diagnosis> diagnoses;
    private final Telling telling;
    private final Dispatch dispatch;
    private final Supplier<Map<String, Acknowledgement>> acknowledgements;
    private final Reruns reruns;
    private final Function<Result, Optional<Judgement>> learnt;
    private final SloBook slos;

    // working state, made by restore
    private Map<Series, WatchedSeries> series = Map.of();
    private Duration memory = Duration.ZERO;
    private AlertBook book = new AlertBook();
    private final SequencedSet<Watch> active = new LinkedHashSet<>();

    /** Those that are judged as time passes. */
    private final List<Watch> timed = new ArrayList<>();

    /** The active ones by the id of their alert. */
    private final Map<String, Watch> watching = new HashMap<>();
    private final List<Alert> orphans = new ArrayList<>();
    private final SequencedSet<Series> toConfirm = new LinkedHashSet<>();
    private @Nullable Alert ownNetwork;
    private Map<String, Acknowledgement> acknowledged = Map.of();
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
     * @param diagnoses asked in this order for a better cause than the series' own, see {@link Diagnosis#all}
     * @param acknowledgements who takes care of which alert, by its id; the same map for as long as nothing changes
     * @param reruns asked to confirm what a rule wants confirmed
     * @param learnt what the baseline said of a run
     */
    public AlertJudge(
            List<Rule> rules,
            Router router,
            Dispatch dispatch,
            List<Diagnosis> diagnoses,
            Supplier<Map<String, Acknowledgement>> acknowledgements,
            Reruns reruns,
            Function<Result, Optional<Judgement>> learnt) {
        this(rules, router, dispatch, diagnoses, acknowledgements, reruns, learnt, Excluded.NONE);
    }

    /**
     * As {@link #AlertJudge(List, Router, Dispatch, List, Supplier, Reruns, Function)}.
     *
     * @param excluded which runs objectives do not count
     */
    public AlertJudge(
            List<Rule> rules,
            Router router,
            Dispatch dispatch,
            List<Diagnosis> diagnoses,
            Supplier<Map<String, Acknowledgement>> acknowledgements,
            Reruns reruns,
            Function<Result, Optional<Judgement>> learnt,
            Excluded excluded) {
        this.rules = List.copyOf(rules);
        this.diagnoses = List.copyOf(diagnoses);
        this.dispatch = dispatch;
        this.telling = new Telling(router, dispatch);
        this.acknowledgements = acknowledgements;
        this.reruns = reruns;
        this.learnt = learnt;
        this.slos = new SloBook(excluded);
    }

    /**
     * Pending and firing alerts, and those resolved in the last 24 hours (at most 1,000): firing first, then pending, newest first. As of
     * the last transaction that held.
     */
    public List<AlertView> current() {
        return current;
    }

    /** How objectives stand, as of some seconds ago at most. Safe for many threads. */
    public List<SloView> objectives() {
        return slos.current();
    }

    /** How many verdicts were reached so far: the measure of the work done. */
    long verdicts() {
        return verdicts;
    }

    @Override
    public void restore(Handle tx, Plan plan, Instant at) {
        now = at;
        series = watched(plan);
        timed.clear();
        for (WatchedSeries watched : series.values()) {
            watched.watches.stream().filter(w -> w.rule.when().judgedByTime()).forEach(timed::add);
        }
        slos.restore(
                tx,
                series.values().stream()
                        .flatMap(w -> w.watches.stream())
                        .map(w -> new SloBook.Watched(w.rule, w.series.spec, w.series.window))
                        .toList());
        memory = memoryOf(series.values());
        book = AlertBook.read(tx, at);
        active.clear();
        watching.clear();
        orphans.clear();
        toConfirm.clear();
        ownNetwork = null;
        acknowledged = Map.of();
        picturedUntil = Instant.MIN;
        telling.restored();

        var watches = new HashMap<String, Watch>();
        Map<String, List<End>> ends = AlertTable.endsSince(tx, at.minus(LONGEST_MEMORY.multipliedBy(2)));
        List<Alert> open = book.open();
        if (!ends.isEmpty() || !open.isEmpty()) { // else no fingerprint is needed
            for (WatchedSeries watched : series.values()) {
                for (Watch watch : watched.watches) {
                    String fingerprint = Alert.fingerprint(watch.rule.name(), watched.spec.series());
                    watches.put(fingerprint, watch);
                    ends.getOrDefault(fingerprint, List.of()).forEach(watch::ended);
                }
            }
        }
        for (Alert alert : open) {
            Watch watch = watches.get(alert.view().fingerprint());
            if (OwnNetwork.is(alert)) {
                ownNetwork = alert;
            } else if (watch == null || watch.alert().isPresent()) {
                orphans.add(alert);
            } else {
                keep(watch, Optional.of(alert.handled(alert.view().handling().dependents(watch.series.dependents))));
            }
        }
        // what is stored did hold, so a reload or restart leaves no moment without alerts
        current = book.shown();
    }

    private Map<Series, WatchedSeries> watched(Plan plan) {
        var all = new HashMap<Series, WatchedSeries>();
        record Family(String probe, String location) {}
        var families = new HashMap<Family, List<WatchedSeries>>();
        plan.probes().forEach((name, spec) -> {
            var watched = new WatchedSeries(spec, rules);
            all.put(name, watched);
            families.computeIfAbsent(new Family(name.probe(), name.location()), _ -> new ArrayList<>())
                    .add(watched);
        });
        for (List<WatchedSeries> family : families.values()) {
            for (WatchedSeries member : family) {
                member.otherRegions = family.stream().filter(other -> other != member).toList();
            }
        }
        Dependencies.tie(all, plan);
        return all;
    }

    @Override
    public Duration memory() {
        return memory;
    }

    private static Duration memoryOf(Collection<WatchedSeries> series) {
        Duration longest = series.stream().map(WatchedSeries::reach).reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b);
        // judging lags behind the start of runs
        Duration memory = longest.plus(Duration.ofMinutes(1));
        return memory.compareTo(LONGEST_MEMORY) > 0 ? LONGEST_MEMORY : memory;
    }

    @Override
    public void remember(Result result) {
        WatchedSeries watched = series.get(result.series());
        if (watched != null) {
            watched.add(result);
        }
    }

    @Override
    public void advance(Handle tx, List<Result> results, Instant at) {
        now = at.truncatedTo(ChronoUnit.MILLIS);
        orphans.forEach(this::remove);
        orphans.clear();
        for (Result result : results) {
            ownNetwork(result);
            slos.count(result);
            WatchedSeries watched = series.get(result.series());
            if (watched != null && watched.add(result)) {
                watched.window.judged(learnt.apply(result));
                Instant seen = millis(result.endedAt());
                watched.watches.forEach(watch -> judge(tx, watch, result));
                watched.otherRegions.forEach(this::rediagnose);
                watched.children.forEach(child -> reconsider(tx, child, seen));
            }
        }
        // with runs still to come, time has passed only up to the last one that is judged: the next may go on with an alert
        Instant passed = results.isEmpty() ? now : millis(results.getLast().endedAt());
        timed.forEach(watch -> passed(tx, watch, passed));
        for (Watch watch : List.copyOf(active)) {
            apply(tx, watch, AlertMachine.pass(watch.alert().map(Alert::episode), watch.patience(), passed), Optional.empty());
        }
        acknowledge();
        telling.tell(tx, book, now).forEach(this::adopt);
        slos.save(tx, now);
        book.write(tx, now);
        book.age(now);
    }

    @Override
    public void committed() {
        telling.committed();
        // the pictures lose resolved alerts as time passes
        if (book.takeChanged() || !now.isBefore(picturedUntil)) {
            current = book.shown();
            pictures = telling.pictures(book.open(), book.resolved(), now);
            picturedUntil = now.plusSeconds(10);
        }
        slos.committed(now);
        dispatch.committed(pictures, now);
        toConfirm.forEach(reruns::soon);
        toConfirm.clear();
    }

    /** Our own network's trouble is one alert, whatever was probed meanwhile. */
    private void ownNetwork(Result result) {
        boolean silent = OwnNetwork.isSilent(result);
        if (silent && ownNetwork == null) {
            ownNetwork = OwnNetwork.begin(result, millis(result.startedAt()), millis(result.endedAt()));
            book.put(ownNetwork);
            telling.changed();
        } else if (!silent && ownNetwork != null) {
            // as the book has it: channels may have been told since
            Alert open = book.find(ownNetwork.view().id()).orElse(ownNetwork);
            ownNetwork = null;
            book.resolve(OwnNetwork.end(open, millis(result.endedAt())));
            telling.changed();
        }
    }

    private void judge(Handle tx, Watch watch, Result latest) {
        Verdict verdict = verdict(watch);
        if (watch.alert().isEmpty() && !(verdict instanceof Verdict.Holds)) {
            return;
        }
        step(tx, watch, verdict, new Moment(millis(latest.startedAt()), millis(latest.endedAt())), millis(latest.endedAt()), true);
    }

    /** Time has passed, and no run has come. */
    private void passed(Handle tx, Watch watch, Instant seen) {
        watch.series.window.passed(seen);
        if (verdict(watch) instanceof Verdict.Holds holds) {
            step(tx, watch, holds, new Moment(seen, seen), seen, false);
        }
    }

    /** A parent has run: what waited for that may go on, or is held back. */
    private void reconsider(Handle tx, WatchedSeries child, Instant seen) {
        for (Watch watch : child.watches) {
            Optional<Result> last = child.window.last();
            if (watch.alert().isEmpty() || last.isEmpty()) {
                continue;
            }
            if (child.window.size() > 0) {
                var moment = new Moment(millis(last.get().startedAt()), millis(last.get().endedAt()));
                step(tx, watch, verdict(watch), moment, seen, false);
            } else {
                // the parent's trouble is just over: from here on the child's own counts
                Alert alert = watch.alert().get();
                Alert free = alert.firing() ? alert : alert.with(alert.episode().heldSince(seen).confirmed(0));
                keep(watch, Optional.of(free.handled(free.view().handling().heldBack(Optional.empty()))));
            }
        }
        child.children.forEach(grandchild -> reconsider(tx, grandchild, seen));
    }

    /** @param another whether the series itself has run */
    private void step(Handle tx, Watch watch, Verdict verdict, Moment moment, Instant seen, boolean another) {
        Optional<Episode> open = watch.alert().map(Alert::episode);
        Gate gate = gate(watch, open, verdict, seen);
        Step step = AlertMachine.judge(open, watch.notBefore, verdict, watch.patience(), moment, gate, another);
        Optional<Alert.Text> text = verdict instanceof Verdict.Holds holds ? Optional.of(text(watch, holds)) : Optional.empty();
        apply(tx, watch, step, text);
        watch.alert().ifPresent(alert -> {
            Optional<HeldBack> held = Dependencies.down(watch.series).map(by -> new HeldBack(Reason.DEPENDENCY, by));
            keep(watch, Optional.of(alert.handled(alert.view().handling().heldBack(held))));
            if (another && alert.episode().state() == AlertView.State.PENDING && gate != Gate.SHUT
                    && alert.episode().confirmed() < watch.rule.confirm()) {
                toConfirm.add(watch.series.spec.series());
            }
        });
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
                Alert.Text text = text(watch, holds);
                keep(watch, watch.alert().map(alert -> alert.with(text)));
            }
        }
    }

    private void apply(Handle tx, Watch watch, Step step, Optional<Alert.Text> text) {
        for (Change change : step.changes()) {
            if (change.kind() == Kind.RESOLVED) {
                if (watch.alert().orElseThrow().told().isEmpty() && telling.hasNews()) {
                    // it began and ended in one batch: its beginning is told first, as if there had been two
                    telling.tell(tx, book, now).forEach(this::adopt);
                }
                Alert ended = watch.alert().orElseThrow().with(change.episode());
                Alert cleared = ended.handled(ended.view().handling().heldBack(Optional.empty()));
                book.resolve(cleared);
                watch.ended(new End(
                        change.episode().endsAt().orElse(now),
                        cleared.view().handling().incident().isEmpty()
                                ? cleared.view().id()
                                : cleared.view().handling().incident()));
                keep(watch, Optional.empty());
            } else {
                Alert alert = standing(watch, change.episode(), text);
                boolean flaps = change.kind() == Kind.FIRED && watch.flaps(change.episode().firedAt().orElse(now));
                keep(watch, Optional.of(flaps ? alert.handled(alert.view().handling().flaps()) : alert));
            }
            telling.changed();
        }
        if (step.open().isPresent()) {
            keep(watch, Optional.of(standing(watch, step.open().get(), text)));
        } else if (watch.alert().isPresent()) {
            book.drop(watch.alert().get());
            keep(watch, Optional.empty());
        }
    }

    /** The watch's alert as it stands in this episode, a new one where there is none. */
    private static Alert standing(Watch watch, Episode episode, Optional<Alert.Text> text) {
        Alert alert = watch.alert()
                .orElseGet(() -> Alert.begin(
                        watch.rule,
                        watch.series.spec,
                        episode,
                        text.orElseThrow(),
                        new Handling(
                                watch.incident(episode.startsAt()),
                                Optional.empty(),
                                Optional.empty(),
                                false,
                                watch.series.dependents))
                        .filled(occasion(watch, text.orElseThrow())))
                .with(episode);
        return text.map(alert::with).orElse(alert);
    }

    private static Occasion occasion(Watch watch, Alert.Text text) {
        return new Occasion(
                watch.rule, watch.series.spec, text.cause(), text.message(), watch.value, watch.series.window.last());
    }

    /** Shows who takes care of what. */
    private void acknowledge() {
        Map<String, Acknowledgement> all = acknowledgements.get();
        if (all.equals(acknowledged)) {
            return;
        }
        acknowledged = all;
        for (Alert alert : book.open()) {
            Optional<Acknowledgement> by = Optional.ofNullable(all.get(alert.view().id()));
            if (!by.equals(alert.view().handling().acknowledged())) {
                adopt(alert.handled(alert.view().handling().acknowledged(by)));
            }
        }
        telling.changed();
    }

    /** An open alert stands otherwise than its watch knows. */
    private void adopt(Alert alert) {
        book.put(alert);
        if (ownNetwork != null && ownNetwork.view().id().equals(alert.view().id())) {
            ownNetwork = alert;
            return;
        }
        Watch watch = watching.get(alert.view().id());
        if (watch != null) {
            watch.alert(Optional.of(alert));
        }
    }

    private void keep(Watch watch, Optional<Alert> alert) {
        if (alert.isEmpty()) {
            watch.alert().ifPresent(before -> watching.remove(before.view().id()));
            active.remove(watch);
        } else {
            watching.put(alert.get().view().id(), watch);
            active.add(watch);
            book.put(alert.get());
        }
        watch.alert(alert);
    }

    /** What to say: by the diagnoses, else by the series itself. A run that does not count leaves what was said before. */
    private Alert.Text text(Watch watch, Verdict.Holds holds) {
        watch.value = holds.value();
        if (watch.alert().isPresent() && !watch.rule.when().counts(watch.series.window, 0)) {
            return watch.alert().get().text();
        }
        Optional<Finding> finding = symptom(watch, holds).flatMap(s -> Diagnosis.first(diagnoses, s));
        return new Alert.Text(
                finding.map(Finding::cause).orElse(holds.cause()),
                finding.map(Finding::message).orElse(holds.message()),
                holds.evidence());
    }

    private Optional<Symptom> symptom(Watch watch, Verdict.Holds holds) {
        if (!watch.rule.when().comparesRegions()) {
            return Optional.empty();
        }
        List<WatchedSeries> regions = watch.series.otherRegions;
        List<Standing> others = regions.stream()
                .flatMap(r -> r.standing(watch.rule.when()).stream())
                .toList();
        return watch.series
                .standing(watch.rule.when())
                .map(own -> new Symptom(holds.cause(), holds.detail(), own, others, regions.size() - others.size()));
    }

    /** Its rule or series is no longer configured. */
    private void remove(Alert alert) {
        if (alert.firing()) {
            book.resolve(alert.with(alert.episode().resolved(now, Episode.REMOVED)));
            telling.changed();
        } else {
            book.drop(alert);
        }
    }

    private static Instant millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }
}
