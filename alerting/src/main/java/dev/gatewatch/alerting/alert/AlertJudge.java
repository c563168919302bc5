package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.alert.AlertMachine.Change;
import dev.gatewatch.alerting.alert.AlertMachine.Moment;
import dev.gatewatch.alerting.alert.AlertMachine.Step;
import dev.gatewatch.alerting.delivery.Dispatch;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.CauseSeen;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.Verdict;
import dev.gatewatch.diagnosis.Diagnosis;
import dev.gatewatch.diagnosis.Finding;
import dev.gatewatch.diagnosis.Standing;
import dev.gatewatch.diagnosis.Symptom;
import dev.gatewatch.engine.Judge;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
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
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges rules, moves alerts and hands their news to delivery. {@link #current} is safe for many threads; the rest belongs to the
 * evaluator's.
 *
 * <p>Each run is judged by itself, in the order of the journal, so that it makes no difference how runs fell into batches. Only the
 * touched series' rules are looked at, and the open alerts of the probe's other regions; when time passes, only open alerts.
 */
public final class AlertJudge implements Judge {
    private static final Logger LOG = LoggerFactory.getLogger(AlertJudge.class);
    private static final Duration LONGEST_MEMORY = Duration.ofHours(24);

    private final List<Rule> rules;
    private final List<Diagnosis> diagnoses;
    private final Teller teller;
    private final Dispatch dispatch;

    // working state, made by restore
    private Map<Series, WatchedSeries> series = Map.of();
    private Duration memory = Duration.ZERO;
    private AlertBook book = new AlertBook();
    private final SequencedSet<Watch> active = new LinkedHashSet<>();
    private final List<Alert> orphans = new ArrayList<>();
    private final List<AlertView> untold = new ArrayList<>();
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
     * @param routes in their order
     * @param diagnoses asked in this order for a better cause than the series' own, see {@link Diagnosis#all}
     */
    public AlertJudge(List<Rule> rules, List<Route> routes, Dispatch dispatch, List<Diagnosis> diagnoses) {
        this.rules = List.copyOf(rules);
        this.diagnoses = List.copyOf(diagnoses);
        this.dispatch = dispatch;
        this.teller = new Teller(routes, dispatch);
    }

    /**
     * Pending and firing alerts, and those resolved in the last 24 hours (at most 1,000): firing first, then pending, newest first. As of
     * the last transaction that held.
     */
    public List<AlertView> current() {
        return current;
    }

    /** How many verdicts were reached so far: the measure of the work done. */
    long verdicts() {
        return verdicts;
    }

    @Override
    public void restore(Handle tx, Plan plan, Instant at) {
        now = at;
        series = watched(plan);
        memory = memoryOf(series.values());
        book = AlertBook.read(tx, at);
        active.clear();
        orphans.clear();
        untold.clear();
        picturedUntil = Instant.MIN;

        var watches = new HashMap<String, Watch>();
        var ends = AlertTable.endsSince(tx, at.minus(LONGEST_MEMORY.multipliedBy(2)));
        List<Alert> open = book.open();
        if (!ends.isEmpty() || !open.isEmpty()) { // else no fingerprint is needed
            for (WatchedSeries watched : series.values()) {
                for (Watch watch : watched.watches) {
                    String fingerprint = Alert.fingerprint(watch.rule.name(), watched.spec.series());
                    watches.put(fingerprint, watch);
                    watch.notBefore = ends.getOrDefault(fingerprint, Instant.MIN);
                }
            }
        }
        for (Alert alert : open) {
            Watch watch = watches.get(alert.view().fingerprint());
            if (watch == null || watch.alert().isPresent()) {
                orphans.add(alert);
            } else {
                keep(watch, Optional.of(teller.rerouted(alert)));
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
            watched.window.add(result);
        }
    }

    @Override
    public void advance(Handle tx, List<Result> results, Instant at) {
        now = at.truncatedTo(ChronoUnit.MILLIS);
        orphans.forEach(alert -> remove(tx, alert));
        orphans.clear();
        for (Result result : results) {
            WatchedSeries watched = series.get(result.series());
            if (watched != null && watched.window.add(result)) {
                watched.watches.forEach(watch -> judge(tx, watch, result));
                watched.otherRegions.forEach(this::rediagnose);
            }
        }
        // with runs still to come, time has passed only up to the last one that is judged: the next may go on with an alert
        Instant passed = results.isEmpty() ? now : millis(results.getLast().endedAt());
        for (Watch watch : List.copyOf(active)) {
            apply(tx, watch, AlertMachine.pass(watch.alert().map(Alert::episode), watch.timing, passed), Optional.empty());
        }
        book.write(tx, now);
        book.age(now);
    }

    @Override
    public void committed() {
        for (AlertView alert : untold) {
            LOG.warn(
                    "No route takes the alert of rule {} for {}, so no channel is told: {}",
                    alert.rule(),
                    alert.series().display(),
                    alert.message());
        }
        untold.clear();
        // the pictures lose resolved alerts as time passes
        if (book.takeChanged() || !now.isBefore(picturedUntil)) {
            current = book.shown();
            pictures = teller.pictures(book.open(), book.resolved(), now);
            picturedUntil = now.plusSeconds(10);
        }
        dispatch.committed(pictures, now);
    }

    private void judge(Handle tx, Watch watch, Result latest) {
        Verdict verdict = verdict(watch);
        if (watch.alert().isEmpty() && !(verdict instanceof Verdict.Holds)) {
            return;
        }
        Moment moment = new Moment(millis(latest.startedAt()), millis(latest.endedAt()));
        Optional<Episode> open = watch.alert().map(Alert::episode);
        Step step = AlertMachine.judge(open, watch.notBefore, verdict, watch.timing, moment);
        Optional<Alert.Text> text = verdict instanceof Verdict.Holds holds ? Optional.of(text(watch, holds)) : Optional.empty();
        apply(tx, watch, step, text);
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
            switch (change.kind()) {
                case RESOLVED -> {
                    Alert ended = watch.alert().orElseThrow().with(change.episode());
                    teller.resolved(tx, ended, now);
                    book.resolve(ended);
                    watch.notBefore = change.episode().endsAt().orElse(now);
                    keep(watch, Optional.empty());
                }
                case FIRED, WORSENED -> {
                    Alert told = teller.firing(tx, standing(watch, change.episode(), text), now);
                    if (told.told().isEmpty()) {
                        untold.add(told.view());
                    }
                    keep(watch, Optional.of(told));
                }
            }
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
                .orElseGet(() -> Alert.begin(watch.rule, watch.series.spec, episode, text.orElseThrow()))
                .with(episode);
        return text.map(alert::with).orElse(alert);
    }

    private void keep(Watch watch, Optional<Alert> alert) {
        watch.alert(alert);
        if (alert.isPresent()) {
            active.add(watch);
            book.put(alert.get());
        } else {
            active.remove(watch);
        }
    }

    /** What to say: by the diagnoses, else by the series itself. A run that does not count leaves what was said before. */
    private Alert.Text text(Watch watch, Verdict.Holds holds) {
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
        if (watch.rule.when() instanceof CauseSeen) {
            return Optional.empty(); // the rule asks for this very cause
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
    private void remove(Handle tx, Alert alert) {
        if (alert.firing()) {
            Alert ended = alert.with(alert.episode().resolved(now, Episode.REMOVED));
            teller.resolved(tx, ended, now);
            book.resolve(ended);
        } else {
            book.drop(alert);
        }
    }

    private static Instant millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }
}
