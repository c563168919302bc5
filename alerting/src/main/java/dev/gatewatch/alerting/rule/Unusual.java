package dev.gatewatch.alerting.rule;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The series is not as it usually is; what is usual is {@linkplain Learned learnt} elsewhere. While it is being learnt, nothing is said.
 * Immutable.
 *
 * @param of what is compared
 * @param name which phase or fact; empty for others
 */
public record Unusual(Of of, String name, Sensitivity sensitivity) implements Condition {
    /** What has a usual range. */
    public enum Of {
        LATENCY,
        PHASE,
        FACT,
        ERROR_RATE
    }

    /** How soon a deviation is worth an alert. */
    public enum Sensitivity {
        LOW,
        MEDIUM,
        HIGH
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
    public boolean comparesRegions() {
        return of == Of.LATENCY;
    }

    @Override
    public boolean counts(SeriesWindow window, int age) {
        return age == 0
                && window.learned()
                        .latest(window.series(), this)
                        .filter(d -> d.standing() == Learned.Standing.UNUSUAL)
                        .isPresent();
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        if (window.size() == 0) {
            return new Verdict.Unknown("no run yet");
        }
        Optional<Learned.Deviation> latest = window.learned().latest(window.series(), this);
        if (latest.isEmpty()) {
            return new Verdict.Unknown("learning");
        }
        Learned.Deviation deviation = latest.get();
        String seen = what() + " is " + deviation.now() + ", usually " + deviation.usual();
        return switch (deviation.standing()) {
            case USUAL -> new Verdict.Clear(seen);
            case BETWEEN -> new Verdict.Unknown(seen);
            case UNUSUAL -> {
                Instant start = window.startedAt(0);
                yield new Verdict.Holds(
                        deviation.since().isAfter(start) ? start : deviation.since(),
                        cause(),
                        seen,
                        deviation.shape().isEmpty() ? seen : seen + " (" + deviation.shape() + ")",
                        of == Of.ERROR_RATE ? window.said(Outcome.FAIL).message() : "",
                        0,
                        deviation.now());
            }
        };
    }

    private String what() {
        String kind = of.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return name.isEmpty() ? kind : kind + " " + name;
    }

    private Cause cause() {
        return switch (of) {
            case LATENCY, PHASE -> Cause.LATENCY_BASELINE;
            case FACT -> Cause.FACT_OUT_OF_BOUNDS;
            case ERROR_RATE -> Cause.ERROR_RATE;
        };
    }
}
