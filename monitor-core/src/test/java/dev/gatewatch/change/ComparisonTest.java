package dev.gatewatch.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.change.Comparison.Subject;
import dev.gatewatch.change.Simulated.Kind;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ComparisonTest {
    private static final Duration ROLLOUT = Duration.ofMinutes(5);
    private static final Duration WATCHED = Duration.ofMinutes(30);
    private static final Duration EVERY_10_S = Duration.ofSeconds(10);

    private record Outcome(Verdict verdict, Effect effect) {}

    /** Comparisons of a probe that has a learnt baseline and two days of runs. */
    private static List<Outcome> simulated(Kind kind, double factor, int changes) {
        return IntStream.range(0, changes)
                .parallel()
                .mapToObj(seed -> {
                    var probe = new Simulated(kind, seed * 8L + kind.ordinal(), ROLLOUT, WATCHED);
                    Usual usual = probe.learnt();
                    probe.factor = factor;
                    Comparison comparison = compared(probe, usual);
                    return new Outcome(
                            comparison.verdict(),
                            comparison.probes().getFirst().latency().effect().orElseThrow());
                })
                .toList();
    }

    private static Comparison compared(Simulated probe, Usual usual) {
        return Comparison.of(
                probe.span(), List.of(new Subject(series(0), probe.runs(Duration.ofDays(2), EVERY_10_S), probe.span(), usual)), Bounds.STANDARD);
    }

    private static Series series(int i) {
        return new Series("p" + i, "", "here");
    }

    @ParameterizedTest
    @EnumSource(names = {"API", "KEEP"})
    void aFifthSlowerIsWorseInTwentyOfTwentyAndTheIntervalHoldsIt(Kind kind) {
        assertThat(simulated(kind, 1.2, 20)).allSatisfy(outcome -> {
            assertThat(outcome.verdict()).isEqualTo(Verdict.WORSE);
            assertThat(outcome.effect().lower()).isLessThan(0.2);
            assertThat(outcome.effect().upper()).isGreaterThan(0.2);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"API", "KEEP"})
    void aChangeThatDoesNothingIsTheSameInTwentyOfTwentyAndTheIntervalHoldsIt(Kind kind) {
        assertThat(simulated(kind, 1, 20)).allSatisfy(outcome -> {
            assertThat(outcome.verdict()).isEqualTo(Verdict.SAME);
            assertThat(outcome.effect().lower()).isLessThan(0);
            assertThat(outcome.effect().upper()).isGreaterThan(0);
        });
    }

    /** One interval in a hundred may miss: two of twenty do by chance in 17 of 1,000 such tests. */
    @ParameterizedTest
    @EnumSource(names = {"PING", "BATCH"})
    void otherKindsAreToldApartAsWell(Kind kind) {
        List<Outcome> slower = simulated(kind, 1.2, 20);
        List<Outcome> same = simulated(kind, 1, 20);

        assertThat(slower).extracting(Outcome::verdict).containsOnly(Verdict.WORSE);
        assertThat(same).extracting(Outcome::verdict).containsOnly(Verdict.SAME);
        assertThat(slower.stream().filter(o -> holds(o, 0.2)).count()).isGreaterThanOrEqualTo(19);
        assertThat(same.stream().filter(o -> holds(o, 0)).count()).isGreaterThanOrEqualTo(19);
    }

    private static boolean holds(Outcome outcome, double truth) {
        return outcome.effect().lower() <= truth && truth <= outcome.effect().upper();
    }

    @Test
    void aFifthFasterIsBetter() {
        assertThat(simulated(Kind.API, 1 / 1.25, 5)).allSatisfy(outcome -> assertThat(outcome.verdict()).isEqualTo(Verdict.BETTER));
    }

    @Test
    void aRestlessProbeIsNotSaidToBeTheSameBeforeItCanBeTold() {
        // another's gateway wanders by more in an hour than matters
        assertThat(simulated(Kind.THIRD, 1, 8)).allSatisfy(outcome -> {
            assertThat(outcome.verdict()).isNotEqualTo(Verdict.WORSE).isNotEqualTo(Verdict.BETTER);
            assertThat(outcome.effect().upper() - outcome.effect().lower()).isGreaterThan(0.2);
        });
    }

    @Test
    void aDailyRhythmThatIsNotKnownYetIsNoChange() {
        // two hours of runs and no baseline: what the level may wander is not known, and allowed for
        long worse = IntStream.range(0, 40)
                .parallel()
                .mapToObj(seed -> new Simulated(Kind.SEARCH, seed, ROLLOUT, WATCHED))
                .map(probe -> Comparison.of(
                        probe.span(),
                        List.of(new Subject(series(0), probe.runs(Duration.ofHours(2), EVERY_10_S), probe.span(), Usual.UNKNOWN)),
                        Bounds.STANDARD))
                .filter(c -> c.verdict() == Verdict.WORSE || c.verdict() == Verdict.BETTER)
                .count();
        assertThat(worse).isZero();
    }

    @Test
    void failuresCountTooAndOneIsNone() {
        var failing = new Simulated(Kind.API, 3, ROLLOUT, WATCHED);
        Usual usual = failing.learnt();
        failing.failing = 0.08;
        Comparison more = compared(failing, usual);
        assertThat(more.verdict()).isEqualTo(Verdict.WORSE);
        Measure errors = more.probes().getFirst().errors();
        assertThat(errors.effect().orElseThrow().lower()).isGreaterThan(0);
        assertThat(errors.reason()).contains("of runs failed before");

        var runs = new Runs();
        for (int i = 0; i < 400; i++) {
            runs.add(i * 10_000L, 100 + i % 7, i == 350);
        }
        var span = new Span(Long.MIN_VALUE, 2_000_000, 2_000_000, 4_000_000);
        assertThat(Comparison.of(span, List.of(new Subject(series(0), runs, span, Usual.UNKNOWN)), Bounds.STANDARD).verdict())
                .isEqualTo(Verdict.SAME);
    }

    @Test
    void aRiseOfFailuresThatComesEveryFewHoursIsNotTheChanges() {
        var random = new SplittableRandom(5);
        var runs = new Runs();
        for (int i = 0; i < 20_000; i++) {
            // ten minutes in three hours half of all runs fail; so it is after the change
            boolean bad = i % 1_080 < 60 || i >= 19_900;
            runs.add(i * 10_000L, 100 * Math.exp(0.1 * random.nextGaussian()), bad && random.nextBoolean());
        }
        long done = 19_850 * 10_000L;
        var span = new Span(Long.MIN_VALUE, done, done, 200_000_000);
        ProbeComparison found = Comparison.of(span, List.of(new Subject(series(0), runs, span, Usual.UNKNOWN)), Bounds.STANDARD)
                .probes()
                .getFirst();

        assertThat(found.errors().verdict()).isEqualTo(Verdict.TOO_LITTLE_DATA);
        assertThat(found.errors().reason()).contains("now and then was before");
    }

    @Test
    void tooFewRunsAreSaid() {
        var runs = new Runs();
        for (int i = 0; i < 100; i++) {
            runs.add(i * 60_000L, 100 + i % 7, false);
        }
        var span = new Span(Long.MIN_VALUE, 5_400_000, 5_400_000, 6_000_000);
        Comparison comparison = Comparison.of(span, List.of(new Subject(series(0), runs, span, Usual.UNKNOWN)), Bounds.STANDARD);

        assertThat(comparison.verdict()).isEqualTo(Verdict.TOO_LITTLE_DATA);
        assertThat(comparison.probes().getFirst().latency().reason()).contains("10 runs that passed after the change, 20 are needed");
    }

    /** What a change is waited for is what a verdict takes: not one run less. */
    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.005, 0.01, 0.02, 0.05, 0.2})
    void aProbeThatNeverFailsIsTheSameAfterTheRunsToTell(double matters) {
        var bounds = new Bounds(0.1, matters);
        var runs = new Runs();
        for (int i = 0; i < 5_000; i++) {
            runs.add(i * 1_000L, 100 + i % 7, false);
        }
        long changed = 4_000_000;
        long enough = changed + 1_000L * bounds.runsToTell();

        assertThat(ErrorShift.of(runs, new Span(Long.MIN_VALUE, changed, changed, enough), bounds).verdict()).isEqualTo(Verdict.SAME);
        assertThat(ErrorShift.of(runs, new Span(Long.MIN_VALUE, changed, changed, enough - 1_000), bounds).verdict())
                .isEqualTo(Verdict.TOO_LITTLE_DATA);
    }

    @Test
    void aProbeIsSeldomWhereItsPaceDoesNotReachAVerdict() {
        var runs = new Runs();
        for (int i = 0; i < 250; i++) {
            runs.add(i * 60_000L, (i < 200 ? 200 : 100) + i % 7, false);
        }
        var span = new Span(Long.MIN_VALUE, 12_000_000, 12_000_000, 15_000_000);
        ProbeComparison better = ProbeComparison.of(series(1), runs, span, Usual.UNKNOWN, new Bounds(0.1, 0.02));
        ProbeComparison seldom = ProbeComparison.of(series(1), runs, span, Usual.UNKNOWN, Bounds.STANDARD);

        assertThat(better.seldom()).isFalse();
        assertThat(better.verdict()).isEqualTo(Verdict.BETTER);
        assertThat(seldom.seldom()).isTrue();
    }

    @Test
    void aProbeThatRunsTooSeldomHoldsNobodyUpButOneThatStoppedDoes() {
        var often = new Runs();
        var seldom = new Runs();
        var stopped = new Runs();
        for (int i = 0; i < 2_000; i++) {
            often.add(i * 10_000L, 100 + i % 7, false);
            if (i % 60 == 0) {
                seldom.add(i * 10_000L, 100, false);
            }
            if (i < 1_700) {
                stopped.add(i * 10_000L, 100 + i % 7, false);
            }
        }
        var span = new Span(Long.MIN_VALUE, 17_000_000, 17_000_000, 20_000_000);
        var one = new Subject(series(1), often, span, Usual.UNKNOWN);
        var two = new Subject(series(2), seldom, span, Usual.UNKNOWN);
        var three = new Subject(series(3), stopped, span, Usual.UNKNOWN);

        assertThat(Comparison.of(span, List.of(one, two), Bounds.STANDARD).verdict()).isEqualTo(Verdict.SAME);
        assertThat(Comparison.of(span, List.of(two), Bounds.STANDARD).verdict()).isEqualTo(Verdict.TOO_LITTLE_DATA);
        assertThat(Comparison.of(span, List.of(one, three), Bounds.STANDARD).verdict()).isEqualTo(Verdict.TOO_LITTLE_DATA);
        assertThat(Comparison.of(span, List.of(), Bounds.STANDARD).verdict()).isEqualTo(Verdict.TOO_LITTLE_DATA);
    }

    @Test
    void manyProbesAreNotManyChancesOfAWrongVerdict() {
        // white noise, four runs in a hundred of each fail: without care one of 200 would be off
        int wrong = 0;
        int alone = 0;
        for (int change = 0; change < 20; change++) {
            var random = new SplittableRandom(100 + change);
            var subjects = new ArrayList<Subject>();
            var span = new Span(Long.MIN_VALUE, 9_000_000, 9_000_000, 10_000_000);
            for (int p = 0; p < 200; p++) {
                var runs = new Runs();
                for (int i = 0; i < 1_000; i++) {
                    runs.add(i * 10_000L, 100 * Math.exp(0.45 * random.nextGaussian()), random.nextDouble() < 0.04);
                }
                subjects.add(new Subject(series(p), runs, span, Usual.UNKNOWN));
                Verdict one = Comparison.of(span, List.of(subjects.getLast()), Bounds.STANDARD).verdict();
                alone += one == Verdict.WORSE || one == Verdict.BETTER ? 1 : 0;
            }
            Comparison comparison = Comparison.of(span, subjects, Bounds.STANDARD);
            wrong += comparison.probes().stream().anyMatch(p -> p.verdict() == Verdict.WORSE || p.verdict() == Verdict.BETTER) ? 1 : 0;
        }
        assertThat(alone).isGreaterThanOrEqualTo(3);
        assertThat(wrong).isLessThanOrEqualTo(1);
    }

    @Test
    void jsonGivesBackWhatWasWritten() {
        var probe = new Simulated(Kind.API, 3, ROLLOUT, WATCHED);
        Comparison comparison = compared(probe, Usual.UNKNOWN);

        Comparison read = ComparisonJson.parse(ComparisonJson.toJson(comparison).toString());

        assertThat(read.verdict()).isEqualTo(comparison.verdict());
        assertThat(read.probes()).isEqualTo(comparison.probes());
        assertThat(read.bounds()).isEqualTo(comparison.bounds());
    }
}
