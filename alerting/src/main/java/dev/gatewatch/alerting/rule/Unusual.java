package dev.gatewatch.alerting.rule;

import dev.gatewatch.baseline.Explanation;
import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.baseline.Quantity;
import dev.gatewatch.baseline.Quantity.Kind;
import dev.gatewatch.baseline.Sensitivity;
import dev.gatewatch.baseline.Shape;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/**
 * A series is not as it usually is: slower, creeping away, with more slow answers, or with more errors; or a fact is not what it usually
 * is. What is usual is learnt. Immutable.
 *
 * @param of what is looked at
 * @param sensitivity how seldom it is wrong
 */
public record Unusual(Quantity of, Sensitivity sensitivity) implements Condition {
    @Override
    public int runs(Duration interval) {
        return 1;
    }

    @Override
    public Duration reach(Duration interval) {
        return Condition.reachOf(1, interval);
    }

    @Override
    public boolean counts(SeriesWindow window, int age) {
        return (of.kind() == Kind.ERRORS) == (window.outcome(age) == Outcome.FAIL);
    }

    @Override
    public boolean well(SeriesWindow window, int age) {
        return window.outcome(age) != Outcome.FAIL && !(judge(window) instanceof Verdict.Holds);
    }

    @Override
    public boolean comparesRegions() {
        return of.isTime();
    }

    @Override
    public Set<String> facts() {
        return of.kind() == Kind.FACT ? Set.of(of.name()) : Set.of();
    }

    @Override
    public Optional<Quantity> learnt() {
        return Optional.of(of);
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        Optional<Judgement> learnt = window.judgement(of);
        if (learnt.isEmpty()) {
            return new Verdict.Unknown("nothing is learnt yet");
        }
        Judgement judgement = learnt.get();
        return switch (judgement.state()) {
            case LEARNING -> new Verdict.Unknown("learning what is usual");
            case STALE -> new Verdict.Unknown("what was learnt is out of date");
            case READY, SHIFTED -> judged(judgement, window);
        };
    }

    private Verdict judged(Judgement judgement, SeriesWindow window) {
        boolean mine = judgement.shape() != Shape.NONE && (judgement.shape() == Shape.ERRORS) == (of.kind() == Kind.ERRORS);
        if (mine && judgement.alarm(sensitivity)) {
            Instant at = window.size() > 0 ? window.startedAt(0) : Instant.ofEpochMilli(judgement.since());
            ZoneId zone = window.zone();
            return new Verdict.Holds(
                    Instant.ofEpochMilli(judgement.since()),
                    cause(),
                    Explanation.what(judgement, of, at, zone),
                    Explanation.of(judgement, of, at, zone),
                    "",
                    0,
                    value(judgement));
        }
        // between the limit and where it is over nothing changes
        return judgement.over(sensitivity) || !mine
                ? new Verdict.Clear("as usual")
                : new Verdict.Unknown("close to the limit");
    }

    private Cause cause() {
        return switch (of.kind()) {
            case LATENCY, PHASE -> Cause.LATENCY_BASELINE;
            case ERRORS -> Cause.ERROR_RATE;
            case FACT -> Cause.FACT_OUT_OF_BOUNDS;
        };
    }

    private String value(Judgement judgement) {
        return switch (judgement.shape()) {
            case VARIANCE, ERRORS -> Explanation.share(judgement.now());
            case STEP, DRIFT, NONE -> Explanation.value(judgement.now(), of);
        };
    }
}
