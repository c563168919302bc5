package dev.gatewatch.alerting.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.baseline.Band;
import dev.gatewatch.baseline.BaselineSettings.Direction;
import dev.gatewatch.baseline.BaselineState;
import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.baseline.Quantity;
import dev.gatewatch.baseline.Sensitivity;
import dev.gatewatch.baseline.Shape;
import dev.gatewatch.baseline.live.Learnt;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnusualTest {
    private static final Series GATEWAY = new Series("gateway", "", "dc1");

    /** A Monday, 09:24 in Berlin. */
    private static final Instant NOW = Instant.parse("2026-03-02T08:24:00Z");

    private static final long SINCE = NOW.minusSeconds(600).toEpochMilli();
    private static final Quantity QUOTA = Quantity.fact("quota_left", Direction.LOWER);

    /** Says the same of all quantities. */
    private record Says(Optional<Judgement> judgement) implements Learnt {
        @Override
        public Optional<Judgement> judgement(Result result, Quantity quantity) {
            return judgement;
        }

        @Override
        public Band usual(Series series, Instant at) {
            return Band.UNKNOWN;
        }

        @Override
        public ZoneId zone(Series series) {
            return ZoneId.of("Europe/Berlin");
        }
    }

    private static Verdict judge(Unusual when, Optional<Judgement> judgement) {
        SeriesWindow window = SeriesWindow.of(Specs.spec(GATEWAY), List.of(when), 1);
        Result run = Story.run(GATEWAY, 'S', NOW);
        window.add(run);
        window.judged(run, new Says(judgement));
        return when.judge(window);
    }

    private static Judgement said(BaselineState state, double score, Shape shape, double now, double lower, double middle, double upper) {
        return new Judgement(state, score, shape, SINCE, now, new Band(lower, middle, upper));
    }

    private static Verdict.Holds holds(Quantity of, Shape shape, double now, double lower, double middle, double upper) {
        Judgement judgement = said(BaselineState.READY, 2, shape, now, lower, middle, upper);
        return (Verdict.Holds) judge(new Unusual(of, Sensitivity.MEDIUM), Optional.of(judgement));
    }

    @ParameterizedTest
    @CsvSource({
        "READY,    1.0,  STEP,   latency,         MEDIUM, Holds",
        "READY,    0.9,  STEP,   latency,         LOW,    Clear",
        "READY,    1.2,  STEP,   latency,         LOW,    Unknown", // below the limit, and not yet over
        "SHIFTED,  2.0,  DRIFT,  latency,         LOW,    Holds",
        "READY,    2.0,  ERRORS, latency,         LOW,    Clear",
        "READY,    2.0,  ERRORS, errors,          LOW,    Holds",
        "READY,    2.0,  STEP,   errors,          LOW,    Clear",
        "READY,    2.0,  STEP,   phase.connect,   LOW,    Holds",
        "READY,    2.0,  DRIFT,  fact.quota_left, LOW,    Holds",
        "LEARNING, 2.0,  STEP,   latency,         HIGH,   Unknown",
        "STALE,    2.0,  STEP,   latency,         HIGH,   Unknown",
        "READY,   -1.0,  NONE,   latency,         HIGH,   Clear",
    })
    void itHoldsByStateScoreAndShape(BaselineState state, double score, Shape shape, String of, Sensitivity sensitivity, String verdict) {
        var when = new Unusual(Quantity.parse(of).orElseThrow(), sensitivity);

        Verdict said = judge(when, Optional.of(said(state, score, shape, 80, 45, 50, 56)));

        assertThat(said.getClass().getSimpleName()).isEqualTo(verdict);
    }

    @Test
    void eachShapeIsToldWithItsNumbersOnTheClockOfTheDaemon() {
        Verdict.Holds step = holds(Quantity.LATENCY, Shape.STEP, 412, 180, 210, 260);
        assertThat(step.cause()).isEqualTo(Cause.LATENCY_BASELINE);
        assertThat(step.message()).isEqualTo("typically 412 ms, usual for Monday 09h 180–260 ms, since 09:14 CET");
        assertThat(step.since()).isEqualTo(NOW.minusSeconds(600));
        assertThat(step.value()).isEqualTo("412 ms");

        assertThat(holds(Quantity.LATENCY, Shape.DRIFT, 1_412, 180, 210, 1_260).message())
                .isEqualTo("has crept to 1.41 s, usual for Monday 09h 180 ms–1.26 s, since 09:14 CET");
        assertThat(holds(Quantity.LATENCY, Shape.VARIANCE, 0.12, 0, 0.004, 0.012).message())
                .isEqualTo("12 % of runs are far slower than usual, usual are 0.4 %, since 09:14 CET");

        Verdict.Holds errors = holds(Quantity.ERRORS, Shape.ERRORS, 0.12, 0, 0.002, 0.006);
        assertThat(errors.cause()).isEqualTo(Cause.ERROR_RATE);
        assertThat(errors.message()).isEqualTo("12 % of runs fail, usual are 0.2 %, since 09:14 CET");
        assertThat(errors.value()).isEqualTo("12 %");
    }

    @Test
    void phasesAndFactsAreNamed() {
        Verdict.Holds phase = holds(Quantity.phase("connect"), Shape.STEP, 40.2, 8, 9.12, 11);
        assertThat(phase.cause()).isEqualTo(Cause.LATENCY_BASELINE);
        assertThat(phase.message()).isEqualTo("connect typically 40.2 ms, usual for Monday 09h 8–11 ms, since 09:14 CET");

        Verdict.Holds fact = holds(QUOTA, Shape.DRIFT, 120, 400, 450, 520);
        assertThat(fact.cause()).isEqualTo(Cause.FACT_OUT_OF_BOUNDS);
        assertThat(fact.message()).isEqualTo("quota left has crept to 120, usual for Monday 09h 400–520, since 09:14 CET");
    }

    @Test
    void aDeviationThatBeganOnAnotherDayIsToldWithItsDate() {
        var judgement = new Judgement(
                BaselineState.READY, 2, Shape.DRIFT, NOW.minusSeconds(50_000).toEpochMilli(), 412, new Band(180, 210, 260));

        assertThat(judge(new Unusual(Quantity.LATENCY, Sensitivity.MEDIUM), Optional.of(judgement)))
                .isInstanceOfSatisfying(
                        Verdict.Holds.class, holds -> assertThat(holds.message()).endsWith("since 2026-03-01 19:30 CET"));
    }

    @Test
    void withoutABaselineNothingIsSaid() {
        assertThat(judge(new Unusual(Quantity.LATENCY, Sensitivity.HIGH), Optional.empty())).isInstanceOf(Verdict.Unknown.class);
    }
}
