package dev.gatewatch.alerting.alert;

import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.kit.World;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.Condition;
import dev.gatewatch.alerting.rule.NoResult;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.RunCount;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What conditions make of alerts over time. */
class ConditionStoryTest {
    private static final Series SERIES = new Series("gateway", "", "dc1");
    private static final Plan PLAN = new Plan(List.of(Specs.spec(SERIES, Map.of("team", "core"), Story.INTERVAL)));
    private static final List<Route> ROUTES = List.of(new Route(List.of(), List.of("chat"), false));

    @Test
    void silenceFiresAsTimePassesAndTheFirstResultEndsIt() {
        var world = new World();
        AlertJudge judge = world.start(judge(world, rule(new NoResult(Duration.ofMinutes(1)), Map.of(), Map.of())), PLAN, T);
        world.live(judge, Story.of(SERIES, "SSS"));

        tick(world, judge, T.plusSeconds(21), T.plusSeconds(79));
        assertThat(judge.current()).isEmpty();
        // a broken run is no result
        world.live(judge, List.of(Story.run(SERIES, 'B', T.plusSeconds(79))));
        tick(world, judge, T.plusSeconds(80), T.plusSeconds(90));

        assertThat(judge.current()).singleElement().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(State.FIRING);
            assertThat(alert.cause()).isEqualTo(Cause.NO_RESULT);
            assertThat(alert.message()).isEqualTo("no result for 1m, the last began at 2026-03-01 03:00 UTC");
            assertThat(alert.startsAt()).isBetween(T.plusSeconds(20), T.plusSeconds(22));
        });
        int writes = world.writes();
        tick(world, judge, T.plusSeconds(91), T.plusSeconds(300));
        assertThat(world.writes()).as("time alone writes nothing").isEqualTo(writes);

        // a restart is no result either
        judge = world.start(judge(world, rule(new NoResult(Duration.ofMinutes(1)), Map.of(), Map.of())), PLAN, T.plusSeconds(301));
        tick(world, judge, T.plusSeconds(301), T.plusSeconds(310));
        assertThat(judge.current()).extracting(AlertView::state).containsExactly(State.FIRING);

        world.live(judge, List.of(Story.run(SERIES, 'F', T.plusSeconds(311))));
        assertThat(judge.current()).extracting(AlertView::state).containsExactly(State.RESOLVED);
        assertThat(world.told()).extracting(t -> t.kind().name()).containsExactly("FIRING", "RESOLVED");
    }

    @Test
    void afterAnHoursStandstillAnHoursSilenceIsNotBlamedOnTheProbe() {
        var world = new World();
        Rule rule = rule(new NoResult(Duration.ofMinutes(1)), Map.of(), Map.of());
        AlertJudge judge = world.start(judge(world, rule), PLAN, T);
        world.live(judge, Story.of(SERIES, "SSS"));

        judge = world.start(judge(world, rule), PLAN, T.plusSeconds(3_600));
        tick(world, judge, T.plusSeconds(3_600), T.plusSeconds(3_650));

        assertThat(judge.current()).isEmpty();
    }

    @Test
    void placesAreFilledWhenAnAlertBeginsAndStayAsTheyWere() {
        var world = new World();
        Rule rule = rule(
                new RunCount(1, 1, false),
                Map.of("owner", "$(labels.team)", "why", "$(cause)"),
                Map.of("summary", "$(probe): $(message) (quota $(facts.quota), $(value))"));
        AlertJudge judge = world.start(judge(world, rule), PLAN, T);
        Result first = Story.run(SERIES, 'F', T)
                .with(Report.builder().fail(Cause.HTTP_STATUS, "status 500").fact("quota", 17L).build());
        world.live(judge, List.of(first));
        world.live(judge, List.of(Story.run(SERIES, 'C', T.plusSeconds(10))));

        assertThat(judge.current()).singleElement().satisfies(alert -> {
            assertThat(alert.cause()).isEqualTo(Cause.CONNECT_REFUSED);
            assertThat(alert.labels()).containsOnly(Map.entry("team", "core"), Map.entry("owner", "core"), Map.entry("why", "http_status"));
            assertThat(alert.annotations()).containsEntry("summary", "gateway: the last run failed: status 500 (quota 17, 1)");
        });
    }

    @Test
    void threeOfFiveFireAtTheThirdFailureOnce() {
        var world = new World();
        AlertJudge judge = world.start(judge(world, rule(new RunCount(3, 5, false), Map.of(), Map.of())), PLAN, T);

        world.live(judge, Story.of(SERIES, "FSF"));
        assertThat(judge.current()).isEmpty();
        world.live(judge, List.of(Story.run(SERIES, 'F', T.plusSeconds(30))));
        world.live(judge, List.of(Story.run(SERIES, 'F', T.plusSeconds(40))));

        assertThat(world.told()).extracting(t -> t.kind().name()).containsExactly("FIRING");
    }

    private static void tick(World world, AlertJudge judge, Instant from, Instant to) {
        for (Instant now = from; !now.isAfter(to); now = now.plusSeconds(1)) {
            world.judge(judge, 0, now);
        }
    }

    private static AlertJudge judge(World world, Rule rule) {
        return world.judgeOf(List.of(rule), ROUTES);
    }

    private static Rule rule(Condition when, Map<String, String> labels, Map<String, String> annotations) {
        return new Rule(
                "r",
                List.of(),
                when,
                Duration.ZERO,
                Duration.ZERO,
                Severity.WARNING,
                new LinkedHashMap<>(labels),
                new LinkedHashMap<>(annotations));
    }
}
