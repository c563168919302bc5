package dev.gatewatch.alerting.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.kit.World;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.Condition;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.RunCount;
import dev.gatewatch.alerting.rule.SlowRuns;
import dev.gatewatch.alerting.rule.Unusual;
import dev.gatewatch.baseline.BaselineSettings;
import dev.gatewatch.baseline.Quantity;
import dev.gatewatch.baseline.Sensitivity;
import dev.gatewatch.baseline.live.BaselineJudge;
import dev.gatewatch.engine.Judge;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import dev.gatewatch.view.BaselineView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** Runs that are learnt, judged by rules and told: both judges as the daemon has them, over hours and weeks. */
final class BaselineStoryTest {
    private static final Series GATEWAY = new Series("gateway", "", "dc1");
    private static final Series EU = new Series("rates", "eu", "dc1");
    private static final Series US = new Series("rates", "us", "dc1");
    private static final Series AP = new Series("rates", "ap", "dc1");

    /** A Monday. */
    private static final Instant T = Instant.parse("2026-03-02T00:00:00Z");

    private static final Condition UNUSUAL = new Unusual(Quantity.LATENCY, Sensitivity.MEDIUM);

    private final Random random = new Random(84);
    private final World world = new World();
    private Instant clock = T;

    /** Both judges of a daemon. */
    private record Both(BaselineJudge baselines, AlertJudge alerts) implements Judge {
        @Override
        public void restore(Handle tx, Plan plan, Instant now) {
            baselines.restore(tx, plan, now);
            alerts.restore(tx, plan, now);
        }

        @Override
        public void advance(Handle tx, List<Result> results, Instant now) {
            baselines.advance(tx, results, now);
            alerts.advance(tx, results, now);
        }

        @Override
        public void committed() {
            alerts.committed();
        }

        BaselineView latency(Series series, Instant at) {
            return baselines.views(series, at).getFirst();
        }

        List<AlertView> firing() {
            return alerts.current().stream().filter(a -> a.state() == State.FIRING).toList();
        }
    }

    private Both daemon(Duration interval, List<Series> series, Condition... conditions) {
        var rules = new ArrayList<Rule>();
        for (Condition when : conditions) {
            rules.add(new Rule(
                    "rule-" + rules.size(),
                    List.of(),
                    when,
                    Duration.ZERO,
                    Duration.ZERO,
                    Severity.WARNING,
                    new LinkedHashMap<>(),
                    new LinkedHashMap<>()));
        }
        var alerts = new AlertJudge[1];
        var baselines = new BaselineJudge(
                BaselineSettings.latencyMillis(), spec -> Rule.learnt(rules, spec), (spec, _) -> alerts[0].inTrouble(spec.series()));
        world.learnt = baselines;
        alerts[0] = world.judgeOf(rules, List.of(new Route(List.of(), List.of("chat"), false)));
        Plan plan = new Plan(series.stream().map(s -> Specs.spec(s, Map.of(), interval)).toList());
        return world.start(new Both(baselines, alerts[0]), plan, T);
    }

    private void run(Both daemon, Series series, double millis) {
        world.live(daemon, List.of(Story.slow(series, clock, Duration.ofNanos((long) (millis * 1e6)), Outcome.PASS)));
    }

    private void runs(Both daemon, int count, Duration interval, double millis, double spread) {
        for (int i = 0; i < count; i++) {
            run(daemon, GATEWAY, millis + random.nextGaussian() * spread);
            clock = clock.plus(interval);
        }
    }

    /** F84. */
    @Test
    void afterTwoHundredUsualRunsAnAnswerHalfAsSlowAgainIsToldWithWhatIsUsual() {
        Duration minute = Duration.ofMinutes(1);
        Both daemon = daemon(minute, List.of(GATEWAY), UNUSUAL);
        runs(daemon, 200, minute, 50, 5);
        assertThat(daemon.alerts().current()).isEmpty();

        int needed = 0;
        while (daemon.firing().isEmpty() && needed < 40) {
            runs(daemon, 1, minute, 80, 0);
            needed++;
        }

        assertThat(needed).as("runs until it fires").isBetween(2, 20);
        assertThat(daemon.firing()).singleElement().satisfies(alert -> {
            assertThat(alert.cause()).isEqualTo(Cause.LATENCY_BASELINE);
            assertThat(alert.message())
                    .matches("typically [78]\\d\\.\\d ms, usual for Monday 03h (49|50|51)\\.\\d ms \\(single runs \\d\\d\\.\\d–\\d\\d\\.\\d ms\\),"
                            + " since 03:\\d\\d UTC");
        });
        assertThat(world.told()).as("once").hasSize(1);
        assertThat(daemon.latency(GATEWAY, clock).why()).isEqualTo(daemon.firing().getFirst().message());
    }

    /** F85. */
    @Test
    void tenRunsAreLearntFromAndNotJudged() {
        Duration minute = Duration.ofMinutes(1);
        Both daemon = daemon(minute, List.of(GATEWAY), new Unusual(Quantity.LATENCY, Sensitivity.HIGH));
        runs(daemon, 10, minute, 50, 5);
        runs(daemon, 10, minute, 500, 5);

        assertThat(daemon.alerts().current()).isEmpty();
        assertThat(daemon.latency(GATEWAY, clock).state()).isEqualTo(BaselineView.State.LEARNING);
        assertThat(daemon.latency(GATEWAY, clock).usual()).isEmpty();
    }

    /** F87. */
    @Test
    void aDriftOfOnePercentADayIsSeenInItsMetricAndCaughtByAStaticBound() {
        Duration interval = Duration.ofMinutes(5);
        Both daemon = daemon(interval, List.of(GATEWAY), UNUSUAL, new SlowRuns(0.5, Duration.ofHours(1), Duration.ofMillis(145), 5));
        var drifts = new ArrayList<Double>();
        for (int day = 0; day < 42; day++) {
            for (int i = 0; i < 288; i++) {
                runs(daemon, 1, interval, 100 * Math.pow(1.01, day + i / 288.0), 4);
            }
            if (day % 7 == 6) {
                drifts.add(daemon.latency(GATEWAY, clock).drift().orElseThrow());
            }
        }

        assertThat(drifts).hasSize(6);
        assertThat(drifts.subList(0, 5)).as("week by week").isSorted();
        assertThat(drifts.getFirst()).isBetween(1.0, 1.07);
        assertThat(drifts.get(4)).as("over four weeks").isBetween(1.25, 1.4);
        assertThat(drifts.getLast()).as("while the bound's alert fires nothing is learnt").isBetween(1.2, 1.4);
        assertThat(daemon.firing()).extracting(AlertView::cause).as("the bound").contains(Cause.LATENCY_HIGH);
    }

    /** F88. */
    @Test
    void aMillisecondMoreOnAConstantLatencyIsNoAlert() {
        Duration minute = Duration.ofMinutes(1);
        Both daemon = daemon(minute, List.of(GATEWAY), new Unusual(Quantity.LATENCY, Sensitivity.HIGH));
        runs(daemon, 1_000, minute, 50, 0);
        runs(daemon, 600, minute, 51, 0);

        assertThat(daemon.alerts().current()).isEmpty();
    }

    @Test
    void whileSomethingElseFiresNothingIsLearntAndAfterwardsItIsAgain() {
        Duration minute = Duration.ofMinutes(1);
        Both daemon = daemon(minute, List.of(GATEWAY), UNUSUAL, new RunCount(2, 2, false));
        runs(daemon, 600, minute, 50, 3);
        double before = daemon.latency(GATEWAY, clock).usual().orElseThrow().middle();

        // two of three fail, the third is quick: none of that is usual
        for (int i = 0; i < 400; i++) {
            double millis = i % 3 == 0 ? 20 : 5;
            world.live(daemon, List.of(Story.slow(
                    GATEWAY, clock, Duration.ofNanos((long) (millis * 1e6)), i % 3 == 0 ? Outcome.PASS : Outcome.FAIL)));
            clock = clock.plus(minute);
        }
        assertThat(daemon.latency(GATEWAY, clock).usual().orElseThrow().middle()).isBetween(before * 0.9, before * 1.1);

        runs(daemon, 30, minute, 50, 3);
        assertThat(daemon.firing()).isEmpty();
        assertThat(daemon.alerts().inTrouble(GATEWAY)).isFalse();
    }

    @Test
    void whatOnlyIsUnusualIsNoTroubleThatStopsTheLearning() {
        Duration minute = Duration.ofMinutes(1);
        Both daemon = daemon(minute, List.of(GATEWAY), UNUSUAL);
        runs(daemon, 1_500, minute, 50, 3);
        runs(daemon, 60, minute, 120, 6);
        assertThat(daemon.firing()).isNotEmpty();
        assertThat(daemon.alerts().inTrouble(GATEWAY)).isFalse();

        runs(daemon, 700, minute, 120, 6);
        assertThat(daemon.firing()).as("after six hours it is the new usual").isEmpty();
        BaselineView now = daemon.latency(GATEWAY, clock);
        assertThat(now.state()).isEqualTo(BaselineView.State.SHIFTED);
        assertThat(now.standing()).matches("took over a new level 1[1-6]\\d % higher");
    }

    @Test
    void phasesAndFactsAreLearntWhereARuleNamesThem() {
        Duration minute = Duration.ofMinutes(1);
        Both daemon = daemon(minute, List.of(GATEWAY), new Unusual(Quantity.phase("connect"), Sensitivity.MEDIUM));
        for (int i = 0; i < 1_060; i++) {
            double connect = (i < 1_000 ? 9 : 30) + random.nextGaussian();
            var report = dev.gatewatch.probe.Report.builder()
                    .phase("connect", Duration.ofNanos((long) (connect * 1e6)))
                    .phase("processing", Duration.ofMillis(500));
            world.live(daemon, List.of(new Result(
                    GATEWAY, "http", "", clock, Duration.ofNanos((long) ((connect + 500) * 1e6)), report.build())));
            clock = clock.plus(minute);
        }

        assertThat(daemon.baselines().views(GATEWAY, clock)).extracting(BaselineView::quantity).containsExactly("latency", "phase.connect");
        assertThat(daemon.firing()).singleElement().satisfies(alert -> {
            assertThat(alert.cause()).isEqualTo(Cause.LATENCY_BASELINE);
            assertThat(alert.message()).startsWith("connect typically ").contains("usual for Monday 17h ");
        });
    }

    /** How long each region takes; they are probed at the same second. */
    private void regions(Both daemon, int minutes, double eu, double us, double ap) {
        for (int i = 0; i < minutes; i++) {
            double common = 1 + 0.02 * random.nextGaussian();
            run(daemon, EU, eu * common * (1 + 0.04 * random.nextGaussian()));
            run(daemon, US, us * common * (1 + 0.04 * random.nextGaussian()));
            run(daemon, AP, ap * common * (1 + 0.04 * random.nextGaussian()));
            clock = clock.plusSeconds(60);
        }
    }

    private List<Cause> causesWhile(Both daemon, int minutes, double eu, double us, double ap) {
        var causes = new ArrayList<Cause>();
        for (int i = 0; i < minutes; i++) {
            regions(daemon, 1, eu, us, ap);
            daemon.firing().forEach(a -> causes.add(a.cause()));
        }
        return causes;
    }

    @Test
    void aRegionThatLeavesTheOthersBehindIsNamedWithNumbers() {
        Both daemon = daemon(Duration.ofMinutes(1), List.of(EU, US, AP), UNUSUAL);
        regions(daemon, 900, 120, 180, 290);

        List<Cause> causes = causesWhile(daemon, 60, 120, 180, 290 * 1.4);

        assertThat(causes).isNotEmpty().containsOnly(Cause.REGION_SLOW);
        assertThat(daemon.firing()).singleElement().satisfies(alert -> {
            assertThat(alert.series()).isEqualTo(AP);
            assertThat(alert.message())
                    .matches("region ap is slow: (3[89]|4[0-4])\\d ms, usually (28|29|30)\\d ms; beside it"
                            + " eu 1[12]\\d ms \\(usually 1[12]\\d ms\\) and us 1[78]\\d ms \\(usually 1[78]\\d ms\\), as usual");
        });
        assertThat(world.told()).hasSize(1);

        assertThat(causesWhile(daemon, 60, 120, 180, 290)).as("to its very end it is the region's").containsOnly(Cause.REGION_SLOW);
        assertThat(daemon.firing()).isEmpty();
        assertThat(world.told()).hasSize(2);
    }

    @Test
    void whatSlowsAllRegionsIsBlamedOnNone() {
        Both daemon = daemon(Duration.ofMinutes(1), List.of(EU, US, AP), UNUSUAL);
        regions(daemon, 900, 120, 180, 290);

        List<Cause> byRatio = causesWhile(daemon, 60, 120 * 1.4, 180 * 1.4, 290 * 1.4);
        assertThat(byRatio).isNotEmpty().containsOnly(Cause.LATENCY_BASELINE);
    }

    @Test
    void aSecondMoreEverywhereIsBlamedOnNone() {
        Both daemon = daemon(Duration.ofMinutes(1), List.of(EU, US, AP), UNUSUAL);
        regions(daemon, 900, 5, 60, 145);

        List<Cause> causes = causesWhile(daemon, 30, 1_005, 1_060, 1_145);

        assertThat(causes).isNotEmpty().containsOnly(Cause.LATENCY_BASELINE);
    }

    @Test
    void ofTwoRegionsOneIsNamedWhereTheGapIsClear() {
        Both daemon = daemon(Duration.ofMinutes(1), List.of(EU, AP), UNUSUAL);
        for (double factor : Stream.concat(Stream.generate(() -> 1.0).limit(900), Stream.generate(() -> 1.6).limit(40)).toList()) {
            run(daemon, EU, 120 * (1 + 0.04 * random.nextGaussian()));
            run(daemon, AP, 290 * factor * (1 + 0.04 * random.nextGaussian()));
            clock = clock.plusSeconds(60);
        }

        assertThat(daemon.firing()).singleElement().satisfies(alert -> assertThat(alert.cause()).isEqualTo(Cause.REGION_SLOW));
    }
}
