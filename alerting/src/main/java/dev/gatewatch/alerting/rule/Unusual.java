package dev.gatewatch.alerting.rule;

import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.baseline.Sensitivity;
import dev.gatewatch.baseline.Shape;
import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A series is not as it usually is: slower, creeping away, with more slow answers, or with more errors. What is usual is learnt. Immutable.
 *
 * @param of what is looked at
 * @param sensitivity how seldom it is wrong
 */
public record Unusual(Of of, Sensitivity sensitivity) implements Condition {
    /** What of a series is looked at. */
    public enum Of {
        LATENCY,
        ERROR_RATE
    }

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
        return of == Of.ERROR_RATE ? window.outcome(age) == Outcome.FAIL : window.outcome(age) != Outcome.FAIL;
    }

    @Override
    public boolean well(SeriesWindow window, int age) {
        return window.outcome(age) != Outcome.FAIL && !(judge(window) instanceof Verdict.Holds);
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        Optional<Judgement> learnt = window.judgement();
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
        boolean ofErrors = judgement.shape() == Shape.ERRORS;
        boolean mine = judgement.shape() != Shape.NONE && ofErrors == (of == Of.ERROR_RATE);
        if (mine && judgement.alarm(sensitivity)) {
            Instant since = Instant.ofEpochMilli(judgement.since());
            String said = said(judgement);
            return new Verdict.Holds(
                    since,
                    ofErrors ? Cause.ERROR_RATE : Cause.LATENCY_BASELINE,
                    said,
                    said + ", since " + Words.minute(since) + " (" + window.interval().toSeconds() + " s between runs)",
                    "",
                    0);
        }
        // between the limit and where it is over nothing changes
        return judgement.over(sensitivity) || !mine
                ? new Verdict.Clear("as usual")
                : new Verdict.Unknown("close to the limit");
    }

    private static String said(Judgement judgement) {
        return switch (judgement.shape()) {
            case STEP -> "typically " + millis(judgement.now()) + ", usual now " + range(judgement);
            case DRIFT -> "has crept to " + millis(judgement.now()) + ", usual now " + range(judgement);
            case VARIANCE ->
                share(judgement.now()) + " of runs are far slower than usual, usual " + share(judgement.usual().middle());
            case ERRORS -> share(judgement.now()) + " of runs fail, usual " + share(judgement.usual().middle());
            case NONE -> "as usual";
        };
    }

    private static String range(Judgement judgement) {
        return millis(judgement.usual().lower()) + " to " + millis(judgement.usual().upper());
    }

    private static String millis(double millis) {
        if (Double.isNaN(millis)) {
            return "unknown";
        }
        return millis < 10
                ? String.format(Locale.ROOT, "%.1f ms", millis)
                : Durations.format(Duration.ofMillis(Math.round(millis)));
    }

    private static String share(double share) {
        return Double.isNaN(share) ? "unknown" : String.format(Locale.ROOT, share < 0.1 ? "%.1f %%" : "%.0f %%", 100 * share);
    }
}
