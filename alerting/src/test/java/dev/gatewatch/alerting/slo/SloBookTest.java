package dev.gatewatch.alerting.slo;

import static dev.gatewatch.alerting.kit.Story.INTERVAL;
import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.gatewatch.alerting.alert.AlertJudge;
import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.kit.World;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.SeriesWindow;
import dev.gatewatch.alerting.rule.Slo;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.SloView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SloBookTest {
    private static final Series SERIES = new Series("gateway", "", "dc1");
    private static final ProbeSpec SPEC = Specs.spec(SERIES, Map.of(), INTERVAL);
    private static final Plan PLAN = new Plan(List.of(SPEC));
    private static final Slo SLO = new Slo(0.99, Duration.ofDays(30), Slo.WORKBOOK, Optional.empty(), 2);
    private static final Rule RULE = rule(SLO);
    private static final List<Route> ROUTES = List.of(new Route(List.of(), List.of("chat"), false));

    @Test
    void aBudgetBurningFastFiresAndCalmsDown() {
        var world = new World();
        AlertJudge judge = world.start(world.judgeOf(List.of(RULE), ROUTES), PLAN, T);

        world.live(judge, Story.of(SERIES, "S".repeat(360)));
        assertThat(judge.current()).isEmpty();
        world.live(judge, at("F".repeat(90), T.plusSeconds(3_600)));

        assertThat(judge.current()).singleElement().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(AlertView.State.FIRING);
            assertThat(alert.cause()).isEqualTo(Cause.ERROR_BUDGET);
            assertThat(alert.message()).contains("nothing of the budget of 99% over 30d is left");
        });
        assertThat(judge.objectives()).singleElement().satisfies(slo -> {
            assertThat(slo.rule()).isEqualTo("budget");
            assertThat(slo.objective()).isEqualTo(0.99);
            assertThat(slo.budgetLeft()).isEqualTo(1 - 90 / 450.0 / 0.01, offset(0.3));
            assertThat(slo.burnRates().sequencedKeySet())
                    .containsExactly(
                            Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofHours(1), Duration.ofHours(6), Duration.ofDays(3));
        });
    }

    /** F91. */
    @Test
    void figuresGoOnFromTheStoreAfterKillsInTheMiddleOfAWindow() {
        List<Result> runs = runs(new Random(7), 2_000);
        var calm = new World();
        AlertJudge judge = calm.start(calm.judgeOf(List.of(RULE), ROUTES), PLAN, T);
        calm.live(judge, runs);
        Instant end = runs.getLast().endedAt().plusSeconds(60);
        calm.judge(judge, 0, end);

        var rough = new World();
        AlertJudge other = rough.start(rough.judgeOf(List.of(RULE), ROUTES), PLAN, T);
        var random = new Random(8);
        for (Result run : runs) {
            rough.journal(List.of(run));
            if (random.nextInt(20) == 0) {
                rough.judgeInVain(other, 5, run.endedAt());
                other = rough.start(rough.judgeOf(List.of(RULE), ROUTES), PLAN, run.endedAt());
            }
            if (random.nextInt(3) > 0) {
                rough.judge(other, 10, run.endedAt());
            }
        }
        while (rough.waiting() > 0) {
            rough.judge(other, 10, end);
        }
        other = rough.start(rough.judgeOf(List.of(RULE), ROUTES), PLAN, end);
        rough.judge(other, 0, end);

        assertThat(rough.rows()).isEqualTo(calm.rows());
        assertThat(counts(rough)).isNotEmpty().isEqualTo(counts(calm));
        assertThat(other.objectives()).hasSize(1).isEqualTo(fresh(calm, end));
    }

    /** As a judge shows them that has just started. */
    private static List<SloView> fresh(World world, Instant end) {
        AlertJudge judge = world.start(world.judgeOf(List.of(RULE), ROUTES), PLAN, end);
        world.judge(judge, 0, end);
        return judge.objectives();
    }

    /** F90. */
    @Test
    void aGapIsNotCountedAsGood() {
        var world = new World();
        AlertJudge judge = world.start(world.judgeOf(List.of(RULE), ROUTES), PLAN, T);
        world.live(judge, Story.of(SERIES, "S".repeat(90) + "F".repeat(10)));
        Instant later = T.plus(Duration.ofDays(10));
        world.judge(judge, 0, later);
        double before = judge.objectives().getFirst().budgetLeft();
        world.live(judge, at("S".repeat(100), later));
        world.judge(judge, 0, later.plusSeconds(1_100));

        // 10 of 100, then 10 of 200, whatever the time between
        assertThat(before).isEqualTo(1 - 0.1 / 0.01, offset(1e-6));
        assertThat(judge.objectives().getFirst().budgetLeft()).isEqualTo(1 - 0.05 / 0.01, offset(1e-6));
    }

    @Test
    void brokenRunsAndThoseInMaintenanceAreNeitherGoodNorBad() {
        var book = new SloBook((spec, start) -> start.equals(T.plusSeconds(20)));
        var window = SeriesWindow.of(SPEC, List.of(SLO), 1);
        var world = new World();
        world.query(tx -> {
            book.restore(tx, List.of(new SloBook.Watched(RULE, SPEC, window)));
            Story.of(SERIES, "SBFF").forEach(book::count);
            book.save(tx, T.plusSeconds(60));
            return "";
        });

        assertThat(counts(world)).containsExactly("0 1 1", "1 1 1", "2 1 1");
    }

    @Test
    void rulesThatMeasureAlikeShareCountsAndOtherMeasuresHaveTheirOwn() {
        var book = new SloBook(Excluded.NONE);
        var window = SeriesWindow.of(SPEC, List.of(SLO), 1);
        var strict = new Slo(0.9999, Duration.ofDays(90), Slo.WORKBOOK, Optional.empty(), 2);
        var fast = new Slo(0.9, Duration.ofDays(7), Slo.WORKBOOK.subList(0, 1), Optional.of(Duration.ofMillis(20)), 2);
        var world = new World();
        world.query(tx -> {
            book.restore(
                    tx,
                    List.of(
                            new SloBook.Watched(RULE, SPEC, window),
                            new SloBook.Watched(rule(strict), SPEC, window),
                            new SloBook.Watched(rule(fast), SPEC, window)));
            Story.of(SERIES, "SSF").forEach(book::count);
            book.save(tx, T.plusSeconds(60));
            return "";
        });

        assertThat(counts(world)).containsExactly("0 0 3", "0 2 1", "1 0 3", "1 2 1", "2 0 3", "2 2 1");
    }

    @Test
    void whatNoWindowReachesIsDeleted() {
        var world = new World();
        AlertJudge judge = world.start(world.judgeOf(List.of(RULE), ROUTES), PLAN, T);
        world.live(judge, Story.of(SERIES, "SF"));
        assertThat(counts(world)).hasSize(3);
        world.judge(judge, 0, T.plus(Duration.ofHours(7)));
        assertThat(counts(world)).containsExactly("1 1 1", "2 1 1");
        world.judge(judge, 0, T.plus(Duration.ofDays(100)));
        assertThat(counts(world)).isEmpty();
    }

    private static List<String> counts(World world) {
        return world.query(h -> h.createQuery("SELECT length, good, bad FROM slo_count ORDER BY length, good, bad, bucket")
                .map((row, _) -> row.getInt(1) + " " + row.getInt(2) + " " + row.getInt(3))
                .list());
    }

    private static List<Result> runs(Random random, int most) {
        var runs = new ArrayList<Result>();
        Instant at = T;
        char mood = 'S';
        for (int i = 0; i < most; i++) {
            at = at.plus(random.nextInt(300) == 0 ? Duration.ofHours(random.nextInt(30)) : INTERVAL);
            mood = random.nextInt(30) == 0 ? "SSFDB".charAt(random.nextInt(5)) : mood;
            runs.add(Story.run(SERIES, mood, at));
        }
        return runs;
    }

    private static List<Result> at(String letters, Instant start) {
        var runs = new ArrayList<Result>();
        for (int i = 0; i < letters.length(); i++) {
            runs.add(Story.run(SERIES, letters.charAt(i), start.plus(INTERVAL.multipliedBy(i))));
        }
        return runs;
    }

    private static Rule rule(Slo slo) {
        return new Rule(
                "budget", List.of(), slo, Duration.ZERO, Duration.ZERO, Severity.CRITICAL, new LinkedHashMap<>(), new LinkedHashMap<>());
    }
}
