package dev.gatewatch.baseline.live;

import dev.gatewatch.baseline.Band;
import dev.gatewatch.baseline.Baseline;
import dev.gatewatch.baseline.BaselineSettings;
import dev.gatewatch.baseline.BaselineState;
import dev.gatewatch.baseline.Explanation;
import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.baseline.Quantity;
import dev.gatewatch.baseline.Quantity.Kind;
import dev.gatewatch.baseline.Sensitivity;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.view.BaselineView;
import dev.gatewatch.view.Bands;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The baseline of one quantity of one series, with what it was. Confined to the evaluator's thread. */
final class Learning {
    /** What is less rare is nothing to see. */
    private static final double LEAST_SCORE = -2;

    final Quantity quantity;
    private final Baseline baseline;
    private final ZoneId zone;
    private Past past;
    private long learntTo;
    private @Nullable Judgement latest;

    /** Whether there is something that is not stored, and when to store it; 0 where that is not decided. */
    boolean changed;

    long writeAt;

    /**
     * One that goes on with what was learnt.
     *
     * @param learntTo when the last run that it knows started, in milliseconds of the epoch
     * @throws IllegalArgumentException where the bytes cannot be read
     */
    Learning(Quantity quantity, BaselineSettings settings, byte[] learnt, long learntTo, Past past) {
        this(quantity, settings, Baseline.fromBytes(settings, learnt), learntTo, past);
    }

    private Learning(Quantity quantity, BaselineSettings settings, Baseline baseline, long learntTo, Past past) {
        this.quantity = quantity;
        this.baseline = baseline;
        this.zone = settings.zone();
        this.learntTo = learntTo;
        this.past = past;
    }

    static Learning fresh(Quantity quantity, BaselineSettings settings) {
        return new Learning(quantity, settings, Baseline.fresh(settings), Long.MIN_VALUE, Past.NONE);
    }

    /** Judges a run and learns from it; nothing where the run does not tell this quantity. */
    Optional<Judgement> take(Result result, boolean learn) {
        boolean ok = result.outcome() != Outcome.FAIL;
        boolean always = quantity.kind() == Kind.LATENCY;
        double value = value(result);
        if (!always && (!ok || Double.isNaN(value))) {
            return Optional.empty();
        }
        if (!learn && baseline.runs() == 0) {
            // nothing to judge by, and no good beginning
            return Optional.empty();
        }
        learntTo = Math.max(learntTo, result.startedAt().toEpochMilli());
        changed = true;
        Judgement judgement = baseline.observe(result.startedAt(), value, ok, learn);
        latest = judgement;
        if (always && judges()) {
            remember(result.startedAt());
        }
        return Optional.of(judgement);
    }

    private double value(Result result) {
        return switch (quantity.kind()) {
            case LATENCY, ERRORS -> millis(result.duration());
            case PHASE -> {
                Duration phase = result.report().phases().get(quantity.name());
                yield phase == null ? Double.NaN : millis(phase);
            }
            case FACT ->
                switch (result.report().facts().get(quantity.name())) {
                    case Fact.Quantity(double number) -> number;
                    case Fact.Flag(boolean flag) -> flag ? 1 : 0;
                    case Fact.Text _ -> Double.NaN;
                    case null -> Double.NaN;
                };
        };
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }

    private void remember(Instant at) {
        Bands bands = past.bands();
        if (!bands.due(at)) {
            return;
        }
        Band band = baseline.band(at.toEpochMilli());
        if (band.known()) {
            Bands more = bands.with(new Bands.Point(at, band.lower(), band.middle(), band.upper()));
            // before a day has passed the level still holds the time of day at which it began
            past = new Past(more, more.coverADay() ? past.levels().with(at, baseline.level()) : past.levels());
        }
    }

    private boolean judges() {
        BaselineState state = baseline.state();
        return state == BaselineState.READY || state == BaselineState.SHIFTED;
    }

    Optional<Judgement> latest() {
        return Optional.ofNullable(latest);
    }

    /** The usual range at a moment; unknown while learning. */
    Band usual(Instant at) {
        return judges() ? baseline.band(at.toEpochMilli()) : Band.UNKNOWN;
    }

    /** As it stands at a moment. */
    BaselineView view(Instant at) {
        Band band = usual(at);
        String why = latest().filter(judgement -> judgement.alarm(Sensitivity.HIGH))
                .map(judgement -> Explanation.of(judgement, quantity, Instant.ofEpochMilli(learntTo), zone))
                .orElse("");
        return new BaselineView(
                quantity.code(),
                BaselineView.State.valueOf(baseline.state(at.toEpochMilli()).name()),
                latest().map(judgement -> Math.max(LEAST_SCORE, judgement.score())).orElse(LEAST_SCORE),
                band.known() ? Optional.of(new BaselineView.Band(band.lower(), band.middle(), band.upper())) : Optional.empty(),
                shift(),
                past.levels().drift(at, baseline.level()),
                why,
                past.bands());
    }

    private Optional<BaselineView.Shift> shift() {
        return baseline.shiftedAt().isPresent() && baseline.shift().isPresent()
                ? Optional.of(new BaselineView.Shift(
                        Instant.ofEpochMilli(baseline.shiftedAt().getAsLong()), baseline.shift().getAsDouble()))
                : Optional.empty();
    }

    long learntTo() {
        return learntTo;
    }

    long runs() {
        return baseline.runs();
    }

    byte[] learnt() {
        return baseline.toBytes();
    }

    Past past() {
        return past;
    }
}
