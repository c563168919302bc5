package dev.gatewatch.alerting.replay;

import dev.gatewatch.alerting.alert.AlertJudge;
import dev.gatewatch.alerting.alert.Chronicle;
import dev.gatewatch.alerting.rule.NoResult;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.slo.Excluded;
import dev.gatewatch.baseline.Band;
import dev.gatewatch.baseline.BaselineSettings;
import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.baseline.Quantity;
import dev.gatewatch.baseline.live.BaselineJudge;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The life of past runs: each goes through the baselines and then the rules, as in the daemon, and time passes between them. Series that
 * have nothing to do with each other (no region, no dependency in common) may be replayed apart and come to the same. Confined to one
 * thread.
 */
public final class Replay {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** So much silence counts at once, see {@link NoResult}. */
    private static final Duration STRIDE = Duration.ofSeconds(10);

    private final Nowhere nowhere;
    private final Plan plan;
    private final BaselineJudge baselines;
    private final AlertJudge alerts;

    /** The shortest silence that some rule speaks of; absent where none does. */
    private final Optional<Duration> silence;

    private final Map<Series, Instant> lastEnds = new HashMap<>();
    private Instant passed = Instant.MIN;
    private boolean begun;

    /**
     * A replay at whose beginning nothing is known.
     *
     * @param plan the series whose runs are to come
     * @param rules those that select none of the series do nothing
     * @param learning how baselines learn
     * @param excluded runs that no objective counts and no baseline learns
     * @param chronicle hears of the alerts
     */
    public Replay(
            Nowhere nowhere, Plan plan, List<Rule> rules, BaselineSettings learning, Excluded excluded, Chronicle chronicle) {
        this.nowhere = nowhere;
        this.plan = plan;
        List<Rule> selecting = rules.stream()
                .filter(rule -> plan.probes().values().stream().anyMatch(rule::selects))
                .toList();
        this.baselines = BaselineJudge.ofHistory(
                learning,
                spec -> Rule.learnt(selecting, spec),
                (spec, startedAt) -> isInTrouble(spec.series()) || excluded.excludes(spec, startedAt));
        this.alerts = AlertJudge.ofHistory(selecting, baselines, excluded, chronicle);
        this.silence = selecting.stream()
                .filter(rule -> rule.when().judgedByTime())
                .map(rule -> rule.when() instanceof NoResult(Duration time) ? time : Duration.ZERO)
                .min(Duration::compareTo);
    }

    private boolean isInTrouble(Series series) {
        return alerts.inTrouble(series);
    }

    /** Judges the next run. Runs come in the order in which they ended. */
    public void take(Result result) {
        Instant end = result.endedAt();
        if (begun) {
            pass(end);
        } else {
            begin(result.startedAt());
        }
        List<Result> batch = List.of(result);
        baselines.advance(nowhere.handle(), batch, end);
        alerts.advance(nowhere.handle(), batch, end);
        alerts.committed();
        if (silence.isPresent()) {
            lastEnds.put(result.series(), end);
        }
        passed = end;
    }

    private void begin(Instant at) {
        baselines.restore(nowhere.handle(), plan, at);
        alerts.restore(nowhere.handle(), plan, at);
        begun = true;
    }

    /**
     * Lets time pass without a run, as the daemon does each second. It is a tick each second only where that may make a difference: ends of
     * alerts come out the same however late they are looked at, and silence is taken in by strides of ten seconds.
     */
    public void pass(Instant to) {
        if (!begun || !to.isAfter(passed)) {
            return;
        }
        if (silence.isPresent()) {
            passSilently(to, silence.get());
        }
        // whether an alert that has been clear for long enough is over decides whether the next run is learnt
        if (alerts.hasOpen() && to.isAfter(passed)) {
            tick(to.minusMillis(1));
        }
    }

    private void passSilently(Instant to, Duration time) {
        boolean alone = plan.probes().size() == 1;
        if (alone && lastEnds.size() == 1 && Duration.between(passed, to).compareTo(time) <= 0) {
            return;
        }
        Instant oldest = lastEnds.values().stream().min(Instant::compareTo).orElse(passed);
        Instant late = oldest.plus(time);
        for (Instant at = next(passed, late); at.isBefore(to); at = next(at, late)) {
            tick(at);
        }
    }

    /** The next whole second, or ten seconds on, where silence matters not yet. */
    private static Instant next(Instant at, Instant late) {
        return at.plus(at.plus(STRIDE).isBefore(late) ? STRIDE : SECOND).truncatedTo(ChronoUnit.SECONDS);
    }

    private void tick(Instant at) {
        alerts.advance(nowhere.handle(), List.of(), at);
        alerts.committed();
        passed = at;
    }

    /** What the baseline said of a run that has just been taken. */
    public Optional<Judgement> judgement(Result result) {
        return baselines.judgement(result, Quantity.LATENCY);
    }

    /** The usual latency of a series, in milliseconds, at a moment. */
    public Band usual(Series series, Instant at) {
        return baselines.usual(series, at);
    }
}
