package dev.gatewatch.alerting.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.rule.Unusual.Of;
import dev.gatewatch.baseline.Band;
import dev.gatewatch.baseline.BaselineState;
import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.baseline.Sensitivity;
import dev.gatewatch.baseline.Shape;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnusualTest {
    private static final long SINCE = Story.T.minusSeconds(600).toEpochMilli();

    private static SeriesWindow window(BaselineState state, double score, Shape shape, double now, double lower, double middle, double upper) {
        var window = new SeriesWindow(1, Story.INTERVAL, Optional.empty());
        window.add(Story.run(new Series("gateway", "", "dc1"), 'S', Story.T));
        window.judged(Optional.of(new Judgement(state, score, shape, SINCE, now, new Band(lower, middle, upper))));
        return window;
    }

    @ParameterizedTest
    @CsvSource({
        "READY,    1.0,  STEP,   LATENCY,    MEDIUM, Holds",
        "READY,    0.9,  STEP,   LATENCY,    LOW,    Clear",
        "READY,    1.2,  STEP,   LATENCY,    LOW,    Unknown", // below the limit, and not yet over
        "SHIFTED,  2.0,  DRIFT,  LATENCY,    LOW,    Holds",
        "READY,    2.0,  ERRORS, LATENCY,    LOW,    Clear",
        "READY,    2.0,  ERRORS, ERROR_RATE, LOW,    Holds",
        "READY,    2.0,  STEP,   ERROR_RATE, LOW,    Clear",
        "LEARNING, 2.0,  STEP,   LATENCY,    HIGH,   Unknown",
        "STALE,    2.0,  STEP,   LATENCY,    HIGH,   Unknown",
        "READY,   -1.0,  NONE,   LATENCY,    HIGH,   Clear",
    })
    void itHoldsByStateScoreAndShape(BaselineState state, double score, Shape shape, Of of, Sensitivity sensitivity, String verdict) {
        Verdict said = new Unusual(of, sensitivity).judge(window(state, score, shape, 80, 45, 50, 56));

        assertThat(said.getClass().getSimpleName()).isEqualTo(verdict);
    }

    @Test
    void theNumbersAreInTheText() {
        Verdict step = new Unusual(Of.LATENCY, Sensitivity.MEDIUM).judge(window(BaselineState.READY, 2, Shape.STEP, 412, 180, 210, 260));
        assertThat(step).isInstanceOfSatisfying(Verdict.Holds.class, holds -> {
            assertThat(holds.cause()).isEqualTo(Cause.LATENCY_BASELINE);
            assertThat(holds.message()).contains("typically 412ms, usual now 180ms to 260ms", "since 2026-03-01 02:50");
            assertThat(holds.since()).isEqualTo(Story.T.minusSeconds(600));
        });
        Verdict errors = new Unusual(Of.ERROR_RATE, Sensitivity.MEDIUM).judge(window(BaselineState.READY, 2, Shape.ERRORS, 0.12, 0, 0.002, 0.006));
        assertThat(errors).isInstanceOfSatisfying(Verdict.Holds.class, holds -> {
            assertThat(holds.cause()).isEqualTo(Cause.ERROR_RATE);
            assertThat(holds.message()).contains("12 % of runs fail, usual 0.2 %");
        });
    }

    @Test
    void withoutABaselineNothingIsSaid() {
        var window = new SeriesWindow(1, Story.INTERVAL, Optional.empty());
        window.add(Story.run(new Series("gateway", "", "dc1"), 'S', Story.T));

        assertThat(new Unusual(Of.LATENCY, Sensitivity.HIGH).judge(window)).isInstanceOf(Verdict.Unknown.class);
    }
}
