package dev.gatewatch.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BaselineKeptTest {
    private static final BaselineSettings LATENCY = BaselineSettings.latencyMillis();

    @Test
    void oneReadBackGoesOnAsIfNothingHadBeen() {
        for (int minutes : new int[] {0, 1, 7, 50, 1000, 20_003}) {
            Baseline first = Baseline.fresh(LATENCY);
            new Synthetic(first, 1).learn(Duration.ofMinutes(minutes));
            Baseline second = Baseline.fromBytes(LATENCY, first.toBytes());

            assertThat(second.toBytes()).isEqualTo(first.toBytes());
            List<Judgement> goneOn = new ArrayList<>();
            List<Judgement> readBack = new ArrayList<>();
            goOn(first, minutes, goneOn);
            goOn(second, minutes, readBack);
            assertThat(readBack).isEqualTo(goneOn);
        }
    }

    private static void goOn(Baseline baseline, int minutes, List<Judgement> judgements) {
        var probe = new Synthetic(baseline, 2);
        probe.now = probe.now.plus(Duration.ofMinutes(minutes));
        probe.run(Duration.ofDays(1), judgements::add);
        probe.typical *= 2;
        probe.run(Duration.ofHours(8), judgements::add);
    }

    /** The day's course, its scatter by time of day and the waiting visits lie at the same moments; only how it goes on differs. */
    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles", "Pacific/Kiritimati"})
    void oneReadBackInAnotherZoneKnowsTheSameWeek(String zone) {
        Baseline utc = Baseline.fresh(LATENCY);
        var probe = new Synthetic(utc, 6);
        probe.learn(Duration.ofDays(15).plusMinutes(437));
        BaselineSettings there = LATENCY.in(ZoneId.of(zone));
        Baseline moved = Baseline.fromBytes(there, utc.toBytes());

        for (int half = 0; half < Week.SLOTS; half++) {
            long at = probe.now.plus(Duration.ofMinutes(30L * half)).toEpochMilli();
            // where days begin elsewhere in the week, other days are alike; an hour's mistake would be 6 % of the steepest part
            assertThat(moved.band(at).middle()).isCloseTo(utc.band(at).middle(), within(0.02 * utc.band(at).middle()));
            assertThat(moved.band(at).upper()).isCloseTo(utc.band(at).upper(), within(0.1 * utc.band(at).upper()));
        }
        // and back again
        assertThat(Baseline.fromBytes(LATENCY, moved.toBytes()).band(probe.now.toEpochMilli()).middle())
                .isCloseTo(utc.band(probe.now.toEpochMilli()).middle(), within(0.001));
        var alarms = new ArrayList<Judgement>();
        var goesOn = new Synthetic(moved, 7);
        goesOn.now = probe.now;
        goesOn.run(Duration.ofDays(3), judgement -> {
            if (judgement.alarm(Sensitivity.MEDIUM)) {
                alarms.add(judgement);
            }
        });
        assertThat(alarms).isEmpty();
    }

    /** A night's job by UTC, watched by a machine in Berlin: with the machine's own days it comes an hour early when clocks change. */
    @Test
    void aJobThatFollowsAnotherClockIsNoTroubleWhenClocksChangeWhereItsZoneIsNamed() {
        assertThat(alarmsAfterTheClocksChanged(ZoneId.of("UTC"))).isZero();
        assertThat(alarmsAfterTheClocksChanged(ZoneId.of("Europe/Berlin"))).isPositive();
    }

    private static int alarmsAfterTheClocksChanged(ZoneId zone) {
        Baseline baseline = Baseline.fresh(LATENCY.in(zone));
        var probe = new Synthetic(baseline, 8);
        int alarms = 0;
        // 29 March 2026 is the 27th day
        for (int minute = 0; minute < 32 * 1440; minute++) {
            int ofDay = minute % 1440;
            probe.typical = ofDay >= 120 && ofDay < 210 ? 500 : 200;
            Judgement judgement = probe.one(true);
            probe.now = probe.now.plus(Synthetic.MINUTE);
            alarms += minute > 27 * 1440 && judgement.alarm(Sensitivity.MEDIUM) ? 1 : 0;
        }
        return alarms;
    }

    @Test
    void itNeverNeedsMoreThanEightKilobytes() {
        for (BaselineSettings settings : List.of(LATENCY, BaselineSettings.anyFact())) {
            Baseline baseline = Baseline.fresh(settings);
            int fresh = baseline.toBytes().length;
            var probe = new Synthetic(baseline, 3);
            probe.learn(Duration.ofDays(40));
            probe.interval = Duration.ofMillis(100);
            probe.learn(Duration.ofHours(2));
            assertThat(baseline.toBytes()).hasSize(fresh);
            assertThat(fresh).isLessThan(8192);
        }
    }

    @Test
    void oddValuesAreSurvived() {
        for (BaselineSettings settings : List.of(LATENCY, BaselineSettings.anyFact())) {
            Baseline baseline = Baseline.fresh(settings);
            var probe = new Synthetic(baseline, 4);
            probe.learn(Duration.ofDays(3));
            double[] odd = {
                Double.NaN, 0, -1, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MAX_VALUE, Double.MIN_VALUE
            };
            for (double value : odd) {
                Judgement judgement = baseline.observe(probe.now, value, true, true);
                probe.now = probe.now.plus(Synthetic.MINUTE);
                assertThat(judgement.score()).isNotNaN();
            }
            // back in time
            baseline.observe(Synthetic.MONDAY, 200, true, true);
            probe.learn(Duration.ofDays(1));
            double usual = probe.usual(probe.now);
            assertThat(baseline.band(probe.now.toEpochMilli()).middle()).isCloseTo(usual, within(usual * 0.2));
        }
    }

    @Test
    void damagedBytesAreRefusedInWords() {
        Baseline baseline = Baseline.fresh(LATENCY);
        new Synthetic(baseline, 5).learn(Duration.ofDays(1));
        byte[] whole = baseline.toBytes();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Baseline.fromBytes(LATENCY, new byte[0]))
                .withMessageContaining("not a baseline");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Baseline.fromBytes(LATENCY, new byte[9000]))
                .withMessageContaining("not a baseline");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Baseline.fromBytes(LATENCY, Arrays.copyOf(whole, whole.length - 100)))
                .withMessageContaining("damaged");
        for (int at = 1; at < whole.length; at += 97) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Baseline.fromBytes(LATENCY, damaged))
                    .withMessageContaining("damaged");
        }
        byte[] newer = whole.clone();
        newer[0]++;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Baseline.fromBytes(LATENCY, newer))
                .withMessageContaining("version");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Baseline.fromBytes(BaselineSettings.anyFact(), whole))
                .withMessageContaining("another direction or scale");
    }

    @Test
    void locationsTogetherKnowWhatEachKnows() {
        List<Baseline> parts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Baseline part = Baseline.fresh(LATENCY);
            var probe = new Synthetic(part, 10 + i);
            probe.typical = 180 + 20 * i;
            probe.learn(Duration.ofDays(14));
            parts.add(part);
        }
        parts.add(Baseline.fresh(LATENCY));
        Baseline whole = Baseline.merged(LATENCY, parts);

        assertThat(whole.state()).isEqualTo(BaselineState.READY);
        assertThat(whole.runs()).isEqualTo(3 * 14 * 1440);
        var expected = new Synthetic(whole, 20);
        expected.now = Synthetic.MONDAY.plus(Duration.ofDays(14));
        for (int hour = 0; hour < 168; hour += 5) {
            var at = expected.now.plus(Duration.ofHours(hour));
            double usual = expected.usual(at.plusSeconds(900));
            assertThat(whole.band(at.toEpochMilli()).middle()).isCloseTo(usual, within(usual * 0.06));
        }
        expected.run(Duration.ofDays(2), judgement -> assertThat(judgement.alarm(Sensitivity.LOW))
                .isFalse());
        expected.typical *= 2;
        assertThat(expected.untilAlarm(Sensitivity.LOW, Duration.ofMinutes(30)).shape())
                .isEqualTo(Shape.STEP);
    }

    @Test
    void nothingTogetherIsNothing() {
        assertThat(Baseline.merged(LATENCY, List.of()).state()).isEqualTo(BaselineState.LEARNING);
        assertThat(Baseline.merged(LATENCY, List.of()).band(0)).isEqualTo(Band.UNKNOWN);
    }
}
