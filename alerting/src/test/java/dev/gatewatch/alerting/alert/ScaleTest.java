package dev.gatewatch.alerting.alert;

import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.kit.World;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.CertificateExpiry;
import dev.gatewatch.alerting.rule.Condition;
import dev.gatewatch.alerting.rule.ErrorRate;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.RunCount;
import dev.gatewatch.alerting.rule.SlowRuns;
import dev.gatewatch.diagnosis.Diagnosis;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ten thousand series under five rules: work and memory, counted rather than timed. */
class ScaleTest {
    private static final int MANY = 10_000;
    private static final List<Rule> RULES = List.of(
            rule("down", new RunCount(3, 3, false)),
            rule("flaky", new RunCount(3, 5, false)),
            rule("slow", new SlowRuns(0.95, Duration.ofMinutes(5), Duration.ofMillis(800), 5)),
            rule("errors", new ErrorRate(Duration.ofMinutes(10), 0.05, 10)),
            rule("expiry", new CertificateExpiry(List.of(Duration.ofDays(30)))));

    @Test
    void onlyWhatWasTouchedIsJudged() {
        var series = IntStream.range(0, MANY)
                .mapToObj(i -> new Series("probe-" + i, "", "dc1"))
                .toList();
        var world = new World();
        var judge = world.judgeOf(RULES, List.of(new Route(List.of(), List.of("chat"), false)));
        world.start(judge, new Plan(series.stream().map(Specs::spec).toList()), T);

        world.judge(judge, 0, T);
        assertThat(judge.verdicts()).as("without results").isZero();

        world.journal(series.stream().limit(100).map(s -> Story.run(s, 'S', T)).toList());
        world.judge(judge, 1_000, T.plusSeconds(1));
        assertThat(judge.verdicts()).as("after 100 results").isEqualTo(100L * RULES.size());

        for (int round = 1; round <= 3; round++) {
            var at = T.plusSeconds(round * 10L);
            world.journal(series.stream().map(s -> Story.run(s, 'F', at)).toList());
            world.judge(judge, MANY, at.plusSeconds(1));
        }
        assertThat(judge.current()).as("all down and flaky").hasSize(2 * MANY);
        assertThat(world.told()).hasSize(2 * MANY);

        long before = judge.verdicts();
        world.judge(judge, 0, T.plusSeconds(60));
        assertThat(judge.verdicts()).as("a tick with everything firing").isEqualTo(before);
    }

    @Test
    void aSeriesKeepsNoMoreRunsThanItsRulesLookAt() {
        var series = new Series("probe", "", "dc1");
        var watched = new WatchedSeries(Specs.spec(series), RULES);
        for (int i = 0; i < 5_000; i++) {
            Result run = Story.run(series, i % 2 == 0 ? 'S' : 'F', T.plus(Story.INTERVAL.multipliedBy(i)));
            watched.window.add(run);
        }

        // ten minutes of a run every ten seconds, and two to spare
        assertThat(watched.window.size()).isEqualTo(62);
        assertThat(watched.window.capacity()).isEqualTo(62);
        assertThat(watched.reach()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aMassOutageWritesEachAlertOnceNotWithEveryRun() {
        var series = new ArrayList<Series>();
        for (int i = 0; i < 50; i++) {
            series.add(new Series("probe-" + i, "", "dc1"));
        }
        var world = new World();
        var judge = world.judgeOf(RULES, List.of());
        world.start(judge, new Plan(series.stream().map(Specs::spec).toList()), T);
        for (int round = 0; round < 5; round++) {
            var at = T.plusSeconds(round * 10L);
            world.live(judge, series.stream().map(s -> Story.run(s, 'F', at)).toList());
        }
        int before = world.writes();
        for (int round = 5; round < 9; round++) {
            var at = T.plusSeconds(round * 10L);
            world.live(judge, series.stream().map(s -> Story.run(s, 'F', at)).toList());
        }

        assertThat(world.writes()).isEqualTo(before);
    }

    private static Rule rule(String name, Condition when) {
        return new Rule(
                name,
                List.of(),
                when,
                Duration.ZERO,
                Duration.ZERO,
                Severity.WARNING,
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
    }
}
