package dev.gatewatch.alerting.alert;

import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.kit.World;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.CauseSeen;
import dev.gatewatch.alerting.rule.Condition;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.RunCount;
import dev.gatewatch.alerting.rule.SlowRuns;
import dev.gatewatch.diagnosis.Diagnosis;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A probe in two regions, each probed every ten seconds, {@code ap} five seconds after {@code eu}. */
class RegionAlertTest {
    private static final Series EU = new Series("checkout", "eu", "dc1");
    private static final Series AP = new Series("checkout", "ap", "dc1");
    private static final Plan PLAN = new Plan(List.of(Specs.spec(EU), Specs.spec(AP)));

    @Test
    void aRegionThatIsDownWhileTheOtherAnswersIsNamed() {
        var seen = watch(new RunCount(3, 3, false), "S S S S S S", "S S C C C C");

        assertThat(seen.alerts)
                .extracting(RegionAlertTest::line)
                .containsExactly("ap FIRING region_down region ap is down (connect_refused: nothing listens on port 443); eu answers");
        assertThat(seen.world.told()).hasSize(1);
    }

    @Test
    void aTotalOutageIsBlamedOnNoRegionAtAnyMoment() {
        // one failed run is enough to fire, so the race between the regions is as tight as can be
        for (String ap : List.of("S C C C C", "S S C C C")) {
            var seen = watch(new RunCount(1, 1, false), "S S C C C", ap);

            assertThat(seen.causes).doesNotContain(Cause.REGION_DOWN);
            assertThat(seen.alerts).hasSize(2).extracting(AlertView::cause).containsOnly(Cause.CONNECT_REFUSED);
        }
    }

    @Test
    void aRecoveryIsBlamedOnNoRegionAtAnyMoment() {
        var seen = watch(new RunCount(1, 1, false), "C C C S S", "C C C S S");

        assertThat(seen.causes).containsOnly(Cause.CONNECT_REFUSED);
        assertThat(seen.alerts).hasSize(2).extracting(AlertView::state).containsOnly(State.RESOLVED);
    }

    @Test
    void aRegionThatStaysDownAfterTheOtherRecoveredIsNamed() {
        var seen = watch(new RunCount(1, 1, false), "C C C S S", "C C C C C");

        assertThat(seen.alerts)
                .filteredOn(a -> a.state() == State.FIRING)
                .extracting(AlertView::cause)
                .containsExactly(Cause.REGION_DOWN);
    }

    @Test
    void whatIsSaidFollowsTheDiagnosisWithoutAnotherNotice() {
        var seen = watch(new RunCount(2, 2, false), "S S S S C C C", "S S C C C C C");

        assertThat(seen.causes).contains(Cause.REGION_DOWN);
        assertThat(seen.alerts).extracting(RegionAlertTest::line).allSatisfy(l -> assertThat(l).contains("connect_refused"));
        assertThat(seen.world.told()).hasSize(2);
    }

    @Test
    void theClaimIsMadeAsSoonAsTheOtherRegionIsSeenWell() {
        // ap fails its first run and fires; eu's last run was before
        var world = new World();
        AlertJudge judge = judge(world, new RunCount(1, 1, false));
        world.live(judge, List.of(run(EU, 'S', 0), run(AP, 'S', 5), run(EU, 'S', 10), run(AP, 'C', 15)));
        assertThat(judge.current()).singleElement().extracting(AlertView::cause).isEqualTo(Cause.CONNECT_REFUSED);

        world.live(judge, List.of(run(EU, 'S', 20)));
        assertThat(judge.current()).singleElement().extracting(AlertView::cause).isEqualTo(Cause.REGION_DOWN);
        assertThat(world.told()).hasSize(1);
    }

    @Test
    void aSlowRegionIsNamedByQuantile() {
        var world = new World();
        AlertJudge judge = judge(world, new SlowRuns(0.95, Duration.ofMinutes(5), Duration.ofMillis(800), 5));
        for (int i = 0; i < 10; i++) {
            Instant at = T.plusSeconds(i * 10L);
            world.live(judge, List.of(Story.slow(EU, at, Duration.ofMillis(90), Outcome.PASS)));
            world.live(judge, List.of(Story.slow(AP, at.plusSeconds(5), Duration.ofMillis(2_100), Outcome.PASS)));
        }

        assertThat(judge.current())
                .extracting(RegionAlertTest::line)
                .containsExactly("ap FIRING region_slow region ap is slow (p95 over 5m is 2.1s, above 800ms); eu answers in 90ms");
    }

    @Test
    void aRegionIsNotCalledSlowWhileTheOtherFails() {
        var world = new World();
        AlertJudge judge = judge(world, new SlowRuns(0.95, Duration.ofMinutes(5), Duration.ofMillis(800), 5));
        for (int i = 0; i < 10; i++) {
            Instant at = T.plusSeconds(i * 10L);
            world.live(judge, List.of(Story.run(EU, 'C', at)));
            world.live(judge, List.of(Story.slow(AP, at.plusSeconds(5), Duration.ofMillis(2_100), Outcome.PASS)));
        }

        assertThat(judge.current()).singleElement().extracting(AlertView::cause).isEqualTo(Cause.LATENCY_HIGH);
    }

    @Test
    void aRuleThatAsksForACauseKeepsIt() {
        var seen = watch(new CauseSeen(Set.of(Cause.CONNECT_REFUSED)), "S S S S", "S C C C");

        assertThat(seen.causes).containsOnly(Cause.CONNECT_REFUSED);
    }

    @Test
    void theNamedRegionOutlivesARestart() {
        var world = new World();
        AlertJudge first = judge(world, new RunCount(2, 2, false));
        world.live(first, List.of(run(EU, 'S', 0), run(AP, 'C', 5), run(EU, 'S', 10), run(AP, 'C', 15)));
        AlertJudge second = judge(world, new RunCount(2, 2, false));
        world.judge(second, 0, T.plusSeconds(17));
        assertThat(second.current()).singleElement().extracting(AlertView::cause).isEqualTo(Cause.REGION_DOWN);

        world.live(second, List.of(run(AP, 'C', 25)));
        assertThat(second.current()).singleElement().extracting(AlertView::cause).isEqualTo(Cause.REGION_DOWN);
    }

    private record Seen(World world, List<AlertView> alerts, Set<Cause> causes) {}

    /** Plays both regions' runs in the order of time, and notes every cause that was ever shown. */
    private Seen watch(Condition when, String eu, String ap) {
        var world = new World();
        AlertJudge judge = judge(world, when);
        var runs = new ArrayList<>(Story.of(EU, eu));
        Story.of(AP, ap).forEach(r -> runs.add(later(r)));
        runs.sort(Comparator.comparing(Result::startedAt));
        var causes = new java.util.LinkedHashSet<Cause>();
        for (Result run : runs) {
            world.live(judge, List.of(run));
            judge.current().forEach(a -> causes.add(a.cause()));
        }
        return new Seen(world, judge.current(), causes);
    }

    private static Result later(Result r) {
        return new Result(r.series(), r.type(), r.target(), r.startedAt().plusSeconds(5), r.duration(), r.report());
    }

    private static Result run(Series series, char letter, long second) {
        return Story.run(series, letter, T.plusSeconds(second));
    }

    private static AlertJudge judge(World world, Condition when) {
        var rule = new Rule(
                "down",
                List.of(),
                when,
                Duration.ZERO,
                Duration.ZERO,
                Severity.CRITICAL,
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
        var routes = List.of(new Route(List.of(), List.of("chat"), false));
        return world.start(world.judgeOf(List.of(rule), routes), PLAN, T.plusSeconds(16));
    }

    private static String line(AlertView a) {
        return a.series().region() + " " + a.state() + " " + a.cause().code() + " " + a.message();
    }
}
