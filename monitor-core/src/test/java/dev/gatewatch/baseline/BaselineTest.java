package dev.gatewatch.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BaselineTest {
    private static final Instant START = Synthetic.MONDAY;
    private static final Duration TWO_WEEKS = Duration.ofDays(14);

    private final Baseline baseline = Baseline.fresh(BaselineSettings.latencyMillis());
    private final Synthetic probe = new Synthetic(baseline, 7);

    @Test
    void tenRunsAreTooFewToJudge() {
        for (int i = 0; i < 10; i++) {
            Judgement judgement = baseline.observe(START.plusSeconds(60L * i), i < 9 ? 50 : 5000, true, true);
            assertThat(judgement.state()).isEqualTo(BaselineState.LEARNING);
            assertThat(judgement.score()).isNotPositive();
            assertThat(judgement.alarm(Sensitivity.HIGH)).isFalse();
        }
    }

    @Test
    void twoHundredRunsAreEnoughToTellAnAnswerHalfAsSlowAgain() {
        for (Duration interval : List.of(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(5))) {
            Baseline fresh = Baseline.fresh(BaselineSettings.latencyMillis());
            Instant at = START;
            for (int i = 0; i < 200; i++, at = at.plus(interval)) {
                Judgement judgement = fresh.observe(at, 45 + i * 7 % 11, true, true);
                assertThat(judgement.alarm(Sensitivity.HIGH)).isFalse();
            }
            int needed = 0;
            Judgement judgement;
            do {
                judgement = fresh.observe(at, 80, true, true);
                at = at.plus(interval);
                needed++;
            } while (!judgement.alarm(Sensitivity.MEDIUM) && needed < 100);
            assertThat(needed).as("every %s", interval).isBetween(5, 20);
            assertThat(judgement.shape()).isEqualTo(Shape.STEP);
            assertThat(judgement.now()).isCloseTo(80, within(6.0));
            assertThat(judgement.usual().middle()).isCloseTo(50, within(3.0));
        }
    }

    @Test
    void aMillisecondMoreOnAConstantLatencyIsNothing() {
        Instant at = START;
        for (int i = 0; i < 3000; i++, at = at.plusSeconds(60)) {
            Judgement judgement = baseline.observe(at, i < 1500 ? 50 : 51, true, true);
            assertThat(judgement.alarm(Sensitivity.HIGH)).as("run %d", i).isFalse();
        }
    }

    @Test
    void aChangeSmallerThanTheLeastThatMattersIsNothing() {
        Baseline tiny = Baseline.fresh(new BaselineSettings(
                ZoneId.of("UTC"),
                BaselineSettings.Direction.HIGHER,
                BaselineSettings.Scale.RATIO,
                2,
                0.15));
        Instant at = START;
        for (int i = 0; i < 3000; i++, at = at.plusSeconds(60)) {
            Judgement judgement = tiny.observe(at, (i < 1500 ? 1 : 2) + i % 7 * 0.01, true, true);
            assertThat(judgement.shape() != Shape.VARIANCE && judgement.alarm(Sensitivity.HIGH))
                    .as("run %d", i)
                    .isFalse();
        }
    }

    @Test
    void aDoubledLatencyIsAStepWithinMinutesAndNamedWithNumbers() {
        probe.learn(TWO_WEEKS.plusHours(9));
        Instant began = probe.now;
        double usual = probe.usual(began);
        probe.typical *= 2;

        Judgement judgement = probe.untilAlarm(Sensitivity.LOW, Duration.ofMinutes(30));

        assertThat(judgement.shape()).isEqualTo(Shape.STEP);
        assertThat(Duration.between(began, Instant.ofEpochMilli(judgement.since())).abs())
                .isLessThanOrEqualTo(Duration.ofMinutes(3));
        assertThat(judgement.now()).isCloseTo(2 * usual, within(0.25 * usual));
        assertThat(judgement.usual().middle()).isCloseTo(usual, within(0.1 * usual));
        assertThat(judgement.usual().lower()).isBetween(0.6 * usual, 0.95 * usual);
        assertThat(judgement.usual().upper()).isBetween(1.1 * usual, 1.6 * usual);
    }

    @Test
    void aLatencyThatCreepsAwayIsADriftBeforeItHasDoubled() {
        probe.learn(TWO_WEEKS);
        Instant began = probe.now;
        double before = probe.typical;
        Judgement found = null;
        while (found == null && probe.typical < 2 * before) {
            probe.typical = before * (1 + Duration.between(began, probe.now).toMinutes() / (24.0 * 60));
            Judgement judgement = probe.one(true);
            probe.now = probe.now.plus(Synthetic.MINUTE);
            found = judgement.alarm(Sensitivity.MEDIUM) ? judgement : null;
        }
        assertThat(found).isNotNull();
        assertThat(found.shape()).isEqualTo(Shape.DRIFT);
        assertThat(Duration.between(began, probe.now)).isLessThan(Duration.ofHours(12));
        assertThat(Instant.ofEpochMilli(found.since())).isBetween(began.minusSeconds(7200), probe.now);
        assertThat(found.now()).isGreaterThan(found.usual().middle() * 1.14);
    }

    @Test
    void someAnswersFarSlowerAreVariance() {
        probe.learn(TWO_WEEKS);
        probe.slowShare = 0.1;
        probe.slowTimes = 5;

        Judgement judgement = probe.untilAlarm(Sensitivity.LOW, Duration.ofHours(3));

        assertThat(judgement.shape()).isEqualTo(Shape.VARIANCE);
        assertThat(judgement.now()).isBetween(0.04, 0.5);
        assertThat(judgement.usual().middle()).isLessThan(0.02);
        assertThat(baseline.far(judgement.since())).isGreaterThan(baseline.band(judgement.since()).upper());
    }

    @Test
    void fiveInAHundredFailuresAreFoundWithinAFewHoursAndATotalOutageWithinFewRuns() {
        probe.learn(TWO_WEEKS);
        byte[] then = baseline.toBytes();
        probe.failing = 0.05;
        Judgement some = probe.untilAlarm(Sensitivity.LOW, Duration.ofHours(5));
        assertThat(some.shape()).isEqualTo(Shape.ERRORS);
        assertThat(some.now()).isBetween(0.02, 0.3);
        assertThat(some.usual().middle()).isLessThan(0.003);

        Baseline again = Baseline.fromBytes(BaselineSettings.latencyMillis(), then);
        Instant at = START.plus(TWO_WEEKS);
        int failures = 0;
        Judgement judgement;
        do {
            judgement = again.observe(at, Double.NaN, false, true);
            at = at.plusSeconds(60);
            failures++;
        } while (!judgement.alarm(Sensitivity.LOW));
        assertThat(failures).isBetween(2, 4);
        assertThat(judgement.now()).isEqualTo(1);
    }

    @Test
    void quietRunsKeepThePromiseOfEachSensitivity() {
        var alarms = new EnumMap<Sensitivity, Integer>(Sensitivity.class);
        int days = 0;
        for (int seed = 0; seed < 6; seed++) {
            Baseline fresh = Baseline.fresh(BaselineSettings.latencyMillis());
            var quiet = new Synthetic(fresh, 100 + seed);
            quiet.sigma = 0.1 + 0.06 * seed;
            quiet.slowShare = 0.004 * seed;
            quiet.learn(TWO_WEEKS);
            for (Sensitivity sensitivity : Sensitivity.values()) {
                alarms.putIfAbsent(sensitivity, 0);
            }
            var on = new EnumMap<Sensitivity, Boolean>(Sensitivity.class);
            quiet.run(Duration.ofDays(21), judgement -> {
                for (Sensitivity sensitivity : Sensitivity.values()) {
                    boolean was = on.getOrDefault(sensitivity, false);
                    boolean is = was ? !judgement.over(sensitivity) : judgement.alarm(sensitivity);
                    if (is && !was) {
                        alarms.merge(sensitivity, 1, Integer::sum);
                    }
                    on.put(sensitivity, is);
                }
            });
            days += 21;
        }
        for (Sensitivity sensitivity : Sensitivity.values()) {
            assertThat(alarms.get(sensitivity))
                    .as(sensitivity.name())
                    .isLessThanOrEqualTo((int) (days / sensitivity.budget().toDays()));
        }
    }

    @Test
    void aRunIsJudgedBeforeItIsLearnt() {
        probe.learn(TWO_WEEKS);
        byte[] then = baseline.toBytes();
        BaselineSettings settings = BaselineSettings.latencyMillis();
        Judgement learning = Baseline.fromBytes(settings, then).observe(probe.now, 4000, true, true);
        Judgement looking = Baseline.fromBytes(settings, then).observe(probe.now, 4000, true, false);
        assertThat(learning).isEqualTo(looking);
    }

    @Test
    void runsThatAreNotToBeLearntLeaveTheUsualAsItWas() {
        probe.learn(TWO_WEEKS);
        Band before = baseline.band(probe.now.plus(Duration.ofDays(1)).toEpochMilli());
        probe.typical *= 3;
        probe.failing = 0.5;
        for (int i = 0; i < 1440; i++, probe.now = probe.now.plus(Synthetic.MINUTE)) {
            probe.one(false);
        }
        Band after = baseline.band(probe.now.toEpochMilli());
        assertThat(after.middle()).isCloseTo(before.middle(), within(before.middle() * 0.02));
        assertThat(after.upper()).isCloseTo(before.upper(), within(before.upper() * 0.02));
        assertThat(baseline.state()).isEqualTo(BaselineState.READY);
    }

    @Test
    void aDeployThatShiftsTheLevelALittleIsTakenOverAndSaid() {
        probe.learn(TWO_WEEKS.plusHours(11));
        probe.typical *= 1.2;
        List<Judgement> alarms = new ArrayList<>();
        List<BaselineState> states = new ArrayList<>();
        probe.run(Duration.ofHours(6), judgement -> {
            states.add(judgement.state());
            if (judgement.alarm(Sensitivity.MEDIUM)) {
                alarms.add(judgement);
            }
        });
        assertThat(alarms).isEmpty();
        assertThat(states.getLast()).isEqualTo(BaselineState.SHIFTED);
        assertThat(baseline.shift().orElseThrow()).isCloseTo(1.2, within(0.06));
        double usual = probe.usual(probe.now);
        assertThat(baseline.band(probe.now.toEpochMilli()).middle()).isCloseTo(usual, within(usual * 0.06));
        probe.learn(Duration.ofDays(2));
        assertThat(baseline.state()).isEqualTo(BaselineState.READY);
    }

    @Test
    void anHourThatHappensToBeSlowAndOneThatHappensToBeFastAreNoNewLevelForDays() {
        probe.learn(TWO_WEEKS.plusHours(11));
        double typical = probe.typical;
        probe.typical = typical * 1.1;
        probe.learn(Duration.ofHours(1));
        probe.typical = typical * 0.9;
        probe.learn(Duration.ofHours(1));
        probe.typical = typical;
        probe.learn(Duration.ofHours(2));
        List<Judgement> alarms = new ArrayList<>();
        probe.run(Duration.ofDays(3), judgement -> {
            if (judgement.alarm(Sensitivity.MEDIUM)) {
                alarms.add(judgement);
            }
        });
        assertThat(alarms).isEmpty();
        double usual = probe.usual(probe.now);
        assertThat(baseline.band(probe.now.toEpochMilli()).middle()).isCloseTo(usual, within(usual * 0.06));
    }

    @Test
    void aDoubledLevelThatStaysAlarmsForHoursAndIsThenTheNewUsual() {
        probe.learn(TWO_WEEKS);
        probe.typical *= 2;
        Instant began = probe.now;
        Judgement alarm = probe.untilAlarm(Sensitivity.LOW, Duration.ofMinutes(30));
        while (!alarm.over(Sensitivity.LOW)) {
            probe.now = probe.now.plus(Synthetic.MINUTE);
            alarm = probe.one(true);
        }
        assertThat(Duration.between(began, probe.now)).isBetween(Duration.ofHours(5), Duration.ofHours(8));
        assertThat(alarm.state()).isEqualTo(BaselineState.SHIFTED);
        assertThat(baseline.shift().orElseThrow()).isCloseTo(2, within(0.2));
    }

    @Test
    void aGapIsNeitherGoodNorBad() {
        probe.learn(TWO_WEEKS);
        probe.now = probe.now.plus(Duration.ofHours(5));
        probe.run(Duration.ofDays(1), judgement -> assertThat(judgement.alarm(Sensitivity.MEDIUM))
                .isFalse());
        assertThat(baseline.state()).isEqualTo(BaselineState.READY);
    }

    @Test
    void afterDaysOfSilenceItIsStaleUntilSomeRunsHaveCome() {
        probe.learn(TWO_WEEKS);
        probe.now = probe.now.plus(Duration.ofDays(5));
        assertThat(baseline.state(probe.now.toEpochMilli())).isEqualTo(BaselineState.STALE);
        probe.typical *= 1.6;
        assertThat(probe.one(true).state()).isEqualTo(BaselineState.STALE);
        List<Judgement> alarms = new ArrayList<>();
        probe.run(Duration.ofHours(12), judgement -> {
            if (judgement.alarm(Sensitivity.LOW)) {
                alarms.add(judgement);
            }
        });
        assertThat(baseline.state()).isNotEqualTo(BaselineState.STALE);
        double usual = probe.usual(probe.now);
        assertThat(baseline.band(probe.now.toEpochMilli()).middle()).isCloseTo(usual, within(usual * 0.1));
    }

    @Test
    void theRhythmFollowsTheLocalClockOverADaylightSavingChange() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        Baseline local = Baseline.fresh(BaselineSettings.latencyMillis().in(berlin));
        var quiet = new Synthetic(local, 3);
        quiet.zone = berlin;
        quiet.rhythm = 3;
        // the clocks go forward on 2026-03-29
        quiet.learn(Duration.ofDays(26));
        quiet.run(Duration.ofDays(4), judgement -> assertThat(judgement.alarm(Sensitivity.MEDIUM))
                .isFalse());
        for (int hour = 0; hour < 24; hour++) {
            Instant at = quiet.now.plus(Duration.ofHours(hour));
            double usual = quiet.usual(at.plusSeconds(900));
            assertThat(local.band(at.toEpochMilli()).middle())
                    .as("%s", at)
                    .isCloseTo(usual, within(usual * 0.15));
        }
    }

    @Test
    void lowerIsWorseWhereTheSettingsSaySo() {
        Baseline quota = Baseline.fresh(new BaselineSettings(
                ZoneId.of("UTC"),
                BaselineSettings.Direction.LOWER,
                BaselineSettings.Scale.RATIO,
                0,
                0.15));
        var series = new Synthetic(quota, 5);
        series.slowShare = 0;
        series.learn(TWO_WEEKS);
        double usual = series.usual(series.now);
        series.typical /= 2;
        Judgement judgement = series.untilAlarm(Sensitivity.LOW, Duration.ofMinutes(40));
        assertThat(judgement.shape()).isEqualTo(Shape.STEP);
        assertThat(judgement.now()).isCloseTo(usual / 2, within(usual * 0.1));
        assertThat(judgement.usual().lower()).isLessThan(judgement.usual().upper());
    }

    @Test
    void aFactOfAnySignIsJudgedBothWays() {
        for (int sign : new int[] {-1, 1}) {
            Baseline fact = Baseline.fresh(BaselineSettings.anyFact());
            Instant at = START;
            for (int i = 0; i < 3000; i++, at = at.plusSeconds(60)) {
                fact.observe(at, -5 + i * 7 % 11 * 0.1, true, true);
            }
            Judgement judgement;
            int needed = 0;
            do {
                judgement = fact.observe(at, -5 + sign * 4, true, true);
                at = at.plusSeconds(60);
                needed++;
            } while (!judgement.alarm(Sensitivity.LOW) && needed < 60);
            assertThat(needed).isLessThan(30);
            assertThat(judgement.usual().middle()).isCloseTo(-4.5, within(0.2));
        }
    }
}
