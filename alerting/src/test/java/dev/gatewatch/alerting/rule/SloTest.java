package dev.gatewatch.alerting.rule;

import static dev.gatewatch.alerting.kit.Story.INTERVAL;
import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SloTest {
    private static final Series SERIES = new Series("gateway", "", "dc1");
    private static final Slo SLO = new Slo(0.999, Duration.ofDays(30), Slo.WORKBOOK, Optional.empty(), 2);

    /** Bad runs in thousand, of 1,000 in each window: 1 in 1,000 burns at the rate of 1. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nothing is bad,                           0,  0,  0,  0,  0,  0, clear, 0",
        "the fast pair burns,                     15, 15,  0,  0,  0,  0, holds, 2",
        "exactly at the rate,                   14.4, 14.4, 0, 0,  0,  0, holds, 2",
        "the fast pair is over: short is calm,    14,  20,  0,  0, 0,  0, clear, 0",
        "a blip: long is calm,                    50,  2,  0,  0,  0,  0, clear, 0",
        "the middle pair burns,                    0,  7,  7,  7,  0,  0, holds, 1",
        "the slow pair burns,                      0,  0,  0,  2,  2,  2, holds, 0",
        "all burn: the most urgent is told,      100,100,100,100,100,100, holds, 2"
    })
    void aPairOfWindowsAlertsWhileBothBurnAtItsRate(
            String what, double m5, double h1, double m30, double h6, double d3, double d30, String verdict, int level) {
        SeriesWindow window = window(Map.of(
                Duration.ofMinutes(5), m5,
                Duration.ofHours(1), h1,
                Duration.ofMinutes(30), m30,
                Duration.ofHours(6), h6,
                Duration.ofDays(3), d3,
                Duration.ofDays(30), d30));

        Verdict judged = SLO.judge(window);

        assertThat(judged).as(what).isInstanceOf(verdict.equals("holds") ? Verdict.Holds.class : Verdict.Clear.class);
        if (judged instanceof Verdict.Holds holds) {
            assertThat(holds.level()).isEqualTo(level);
        }
    }

    @Test
    void theMessageTellsRatesWhatIsLeftAndWhenItIsEmpty() {
        SeriesWindow window = window(Map.of(
                Duration.ofMinutes(5), 20.0, Duration.ofHours(1), 16.0, Duration.ofDays(30), 0.4));

        assertThat(SLO.judge(window)).isInstanceOfSatisfying(Verdict.Holds.class, holds -> {
            assertThat(holds.cause()).isEqualTo(Cause.ERROR_BUDGET);
            assertThat(holds.message())
                    .isEqualTo("the error budget burns 16 times too fast over 1h (20 over 5m; alert at 14.4); 60% of the budget of"
                            + " 99.9% over 30d is left, at this rate empty in 21 hours");
            assertThat(holds.value()).isEqualTo("16");
        });
    }

    @Test
    void aSpentBudgetHasNothingLeft() {
        SeriesWindow window = window(Map.of(
                Duration.ofMinutes(5), 20.0, Duration.ofHours(1), 16.0, Duration.ofDays(30), 3.0));

        assertThat(((Verdict.Holds) SLO.judge(window)).message()).endsWith("; nothing of the budget of 99.9% over 30d is left");
        assertThat(SLO.budgetLeft(window.tally(Optional.empty()), T)).isEqualTo(-2, org.assertj.core.data.Offset.offset(1e-9));
    }

    @Test
    void allDigitsOfAnObjectiveAreTold() {
        var slo = new Slo(0.99995, Duration.ofDays(30), Slo.WORKBOOK, Optional.empty(), 2);

        assertThat(slo.judge(window(Map.of()))).isEqualTo(new Verdict.Clear("100% of the budget of 99.995% over 30d is left"));
    }

    @Test
    void aSingleBadRunAmongFewIsNoAlert() {
        SeriesWindow window = window(new RunCount(1, 1, false));
        window.tally(Optional.empty(), (_, _) -> new Tally.Counts(11, 1));
        assertThat(SLO.judge(window)).isInstanceOf(Verdict.Clear.class);

        window.tally(Optional.empty(), (_, _) -> new Tally.Counts(11, 2));
        assertThat(SLO.judge(window)).isInstanceOf(Verdict.Holds.class);
    }

    @Test
    void withALatencySlowRunsAreBadToo() {
        Optional<Duration> bound = Optional.of(Duration.ofMillis(800));
        assertThat(Slo.bad(dev.gatewatch.probe.Outcome.PASS, Duration.ofMillis(801), bound)).isTrue();
        assertThat(Slo.bad(dev.gatewatch.probe.Outcome.PASS, Duration.ofMillis(800), bound)).isFalse();
        assertThat(Slo.bad(dev.gatewatch.probe.Outcome.DEGRADED, Duration.ofMillis(900), Optional.empty())).isFalse();
        assertThat(Slo.bad(dev.gatewatch.probe.Outcome.FAIL, Duration.ZERO, bound)).isTrue();
    }

    private static SeriesWindow window(Map<Duration, Double> badOfThousand) {
        var bad = new HashMap<>(badOfThousand);
        SeriesWindow window = window(SLO);
        window.tally(Optional.empty(), (time, _) -> new Tally.Counts(1_000 - bad.getOrDefault(time, 0.0), bad.getOrDefault(time, 0.0)));
        return window;
    }

    private static SeriesWindow window(Condition condition) {
        SeriesWindow window = SeriesWindow.of(Specs.spec(SERIES, Map.of(), INTERVAL), List.of(condition), 1);
        window.add(Story.run(SERIES, 'F', T));
        return window;
    }
}
