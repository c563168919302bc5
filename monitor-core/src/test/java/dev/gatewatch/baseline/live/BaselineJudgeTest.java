package dev.gatewatch.baseline.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.baseline.BaselineSettings;
import dev.gatewatch.baseline.BaselineSettings.Direction;
import dev.gatewatch.baseline.BaselineState;
import dev.gatewatch.baseline.Quantity;
import dev.gatewatch.baseline.Sensitivity;
import dev.gatewatch.baseline.Shape;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.kit.Endpoints;
import dev.gatewatch.kit.TestStore;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.BaselineView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class BaselineJudgeTest {
    private static final Series GATEWAY = new Series("gateway", "eu", "dc1");
    private static final Instant T = Instant.parse("2026-03-02T12:00:00Z");
    private static final Plan PLAN = new Plan(List.of(Endpoints.spec(GATEWAY, "http", "https://pay.example/")));

    private static final Quantity CONNECT = Quantity.phase("connect");
    private static final Quantity QUOTA = Quantity.fact("quota_left", Direction.LOWER);

    @RegisterExtension
    final TestStore store = new TestStore();

    private Set<Series> exempt = Set.of();
    private Set<Quantity> asked = Set.of();

    private BaselineJudge judge(Instant now) {
        var judge = new BaselineJudge(BaselineSettings.latencyMillis(), _ -> asked, (spec, _) -> exempt.contains(spec.series()));
        restore(judge, now);
        return judge;
    }

    private void restore(BaselineJudge judge, Instant now) {
        store.get().write(tx -> {
            judge.restore(tx, PLAN, now);
            return true;
        });
    }

    private void advance(BaselineJudge judge, List<Result> results) {
        store.get().write(tx -> {
            judge.advance(tx, results, results.getLast().startedAt());
            return true;
        });
    }

    private static Result run(int minute, double millis, boolean ok) {
        Report.Builder report = Report.builder();
        return new Result(
                GATEWAY,
                "http",
                "https://pay.example/",
                T.plus(Duration.ofMinutes(minute)),
                Duration.ofNanos((long) (millis * 1e6)),
                ok ? report.build() : report.fail(Cause.HTTP_STATUS, "status 500").build());
    }

    private static List<Result> usual(int from, int to) {
        var random = new Random(7);
        var runs = new ArrayList<Result>();
        for (int i = from; i < to; i++) {
            runs.add(run(i, 50 + random.nextGaussian() * 2, true));
        }
        return runs;
    }

    @Test
    void aSeriesThatIsLearntIsJudgedByWhatIsUsualForIt() {
        BaselineJudge judge = judge(T);
        advance(judge, usual(0, 20));
        assertThat(judge.judgement(run(19, 50, true), Quantity.LATENCY).orElseThrow().state()).isEqualTo(BaselineState.LEARNING);

        advance(judge, usual(20, 1_000));
        assertThat(judge.usual(GATEWAY, T.plus(Duration.ofMinutes(1_000))).middle()).isBetween(47.0, 53.0);

        var slow = new ArrayList<Result>();
        for (int i = 1_000; i < 1_060; i++) {
            slow.add(run(i, 120, true));
        }
        advance(judge, slow);
        var said = judge.judgement(slow.getLast(), Quantity.LATENCY).orElseThrow();
        assertThat(said.alarm(Sensitivity.MEDIUM)).as(said.toString()).isTrue();
        assertThat(said.shape()).isEqualTo(Shape.STEP);
        assertThat(said.now()).isBetween(100.0, 140.0);
        assertThat(judge.judgement(slow.getFirst(), Quantity.LATENCY).orElseThrow().alarm(Sensitivity.MEDIUM))
                .as("each run of a batch has a judgement of its own")
                .isFalse();
    }

    @Test
    void whatWasLearntSurvivesARestart() {
        BaselineJudge first = judge(T);
        advance(first, usual(0, 1_000));
        advance(first, usual(1_000, 1_030)); // by now it was written
        long learnt = first.learntRuns().get(GATEWAY);

        BaselineJudge second = judge(T.plus(Duration.ofMinutes(1_040)));
        assertThat(second.memory()).isBetween(Duration.ofMinutes(1), Duration.ofHours(1));
        usual(0, 1_030).stream()
                .filter(r -> !r.startedAt().isBefore(T.plus(Duration.ofMinutes(1_040)).minus(second.memory())))
                .forEach(second::remember);

        assertThat(second.learntRuns()).containsEntry(GATEWAY, learnt);
        assertThat(second.usual(GATEWAY, T.plus(Duration.ofMinutes(1_040))).middle()).isBetween(47.0, 53.0);
    }

    @Test
    void whatRunsInAnIncidentIsJudgedAndNotLearnt() {
        BaselineJudge judge = judge(T);
        advance(judge, usual(0, 1_000));
        exempt = Set.of(GATEWAY);
        var slow = new ArrayList<Result>();
        for (int i = 1_000; i < 1_600; i++) {
            slow.add(run(i, 200, true));
        }
        advance(judge, slow);

        assertThat(judge.usual(GATEWAY, T.plus(Duration.ofMinutes(1_601))).middle()).isLessThan(80);
    }

    private static Result telling(int minute, double connect, double quota) {
        return new Result(
                GATEWAY,
                "http",
                "https://pay.example/",
                T.plus(Duration.ofMinutes(minute)),
                Duration.ofMillis(50),
                Report.builder()
                        .phase("connect", Duration.ofNanos((long) (connect * 1e6)))
                        .fact("quota_left", quota)
                        .build());
    }

    private static List<Result> telling(int from, int to) {
        var random = new Random(3);
        var runs = new ArrayList<Result>();
        for (int i = from; i < to; i++) {
            runs.add(telling(i, 9 + random.nextGaussian() * 0.5, 400 + random.nextGaussian() * 10));
        }
        return runs;
    }

    @Test
    void onlyWhatSomeRuleNamesIsLearntBesideLatencyAndErrors() {
        BaselineJudge plain = judge(T);
        advance(plain, telling(0, 120));
        assertThat(plain.views(GATEWAY, T)).extracting(BaselineView::quantity).containsExactly("latency");
        assertThat(plain.judgement(telling(119, 9, 400), CONNECT)).isEmpty();

        asked = Set.of(CONNECT, QUOTA, Quantity.ERRORS);
        BaselineJudge asking = judge(T);
        advance(asking, telling(0, 1_000));
        assertThat(asking.views(GATEWAY, T.plus(Duration.ofMinutes(1_000))))
                .extracting(BaselineView::quantity)
                .containsExactlyInAnyOrder("latency", "phase.connect", "fact.quota_left");

        var odd = new ArrayList<Result>();
        for (int i = 1_000; i < 1_040; i++) {
            odd.add(telling(i, 30, 200));
        }
        advance(asking, odd);
        assertThat(asking.judgement(odd.getLast(), CONNECT).orElseThrow().alarm(Sensitivity.MEDIUM)).isTrue();
        assertThat(asking.judgement(odd.getLast(), QUOTA).orElseThrow().alarm(Sensitivity.MEDIUM)).isTrue();
        assertThat(asking.judgement(odd.getLast(), Quantity.LATENCY).orElseThrow().alarm(Sensitivity.HIGH)).isFalse();
        assertThat(asking.judgement(odd.getLast(), Quantity.ERRORS)).isEqualTo(asking.judgement(odd.getLast(), Quantity.LATENCY));
    }

    @Test
    void aFactThatFallsIsNoTroubleWhereOnlyMoreIs() {
        Quantity higher = Quantity.fact("quota_left", Direction.HIGHER);
        asked = Set.of(higher, QUOTA);
        BaselineJudge judge = judge(T);
        advance(judge, telling(0, 1_000));
        var low = new ArrayList<Result>();
        for (int i = 1_000; i < 1_040; i++) {
            low.add(telling(i, 9, 200));
        }
        advance(judge, low);

        assertThat(judge.judgement(low.getLast(), QUOTA).orElseThrow().alarm(Sensitivity.MEDIUM)).isTrue();
        assertThat(judge.judgement(low.getLast(), higher).orElseThrow().alarm(Sensitivity.HIGH)).isFalse();
    }

    @Test
    void phasesAndFactsSurviveARestartAsTheLatencyDoes() {
        asked = Set.of(CONNECT, QUOTA);
        BaselineJudge first = judge(T);
        List<Result> runs = telling(0, 1_000);
        advance(first, runs);
        advance(first, telling(1_000, 1_030)); // by now it was written

        Instant later = T.plus(Duration.ofMinutes(1_040));
        BaselineJudge second = judge(later);
        telling(1_000, 1_030).forEach(second::remember);

        assertThat(second.views(GATEWAY, later))
                .as("the same ranges")
                .usingRecursiveComparison()
                .ignoringFields("past", "score")
                .isEqualTo(first.views(GATEWAY, later));
        assertThat(second.views(GATEWAY, later).getFirst().past().since(T))
                .as("and what they were")
                .isNotEmpty()
                .isEqualTo(first.views(GATEWAY, later).getFirst().past().since(T));

        asked = Set.of(CONNECT);
        assertThat(judge(later).views(GATEWAY, later)).as("nobody asks for the other any more").hasSize(2);
        asked = Set.of(CONNECT, QUOTA);
        assertThat(judge(later).views(GATEWAY, later).getLast().state())
                .as("it is still there when somebody asks again")
                .isEqualTo(BaselineView.State.READY);
    }

    @Test
    void whatNobodyHasAskedForInAMonthIsForgotten() {
        BaselineJudge first = judge(T);
        advance(first, usual(0, 200));
        advance(first, usual(200, 230));

        BaselineJudge soon = judge(T.plus(Duration.ofDays(20)));
        assertThat(soon.views(GATEWAY, T.plus(Duration.ofDays(20))).getFirst().state()).isEqualTo(BaselineView.State.STALE);
        BaselineJudge late = judge(T.plus(Duration.ofDays(40)));
        assertThat(late.views(GATEWAY, T.plus(Duration.ofDays(40))).getFirst().state()).isEqualTo(BaselineView.State.LEARNING);
    }

    @Test
    void runsInMaintenanceAreNotLearntAlsoWhenTheyAreReplayed() {
        Instant work = T.plus(Duration.ofMinutes(1_000));
        var judge = new BaselineJudge(BaselineSettings.latencyMillis(), _ -> Set.of(), (_, at) -> !at.isBefore(work));
        restore(judge, T);
        advance(judge, usual(0, 1_000));
        for (int i = 1_000; i < 1_030; i++) {
            judge.remember(run(i, 500, true));
        }
        var slow = new ArrayList<Result>();
        for (int i = 1_030; i < 1_600; i++) {
            slow.add(run(i, 500, true));
        }
        advance(judge, slow);

        assertThat(judge.usual(GATEWAY, T.plus(Duration.ofMinutes(1_601))).middle()).isBetween(45.0, 55.0);
    }

    @Test
    void damagedBytesAreLearntAnewAndHoldUpNothing() {
        store.get().write(tx -> tx.execute(
                "INSERT INTO baseline (probe, region, location, quantity, learnt, learnt_to) VALUES ('gateway', 'eu', 'dc1', 'latency', ?, " + T.toEpochMilli() + ")",
                new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}));

        BaselineJudge judge = judge(T);
        advance(judge, usual(0, 3));

        assertThat(judge.learntRuns()).containsEntry(GATEWAY, 3L);
    }

    @Test
    void brokenRunsSayNothing() {
        BaselineJudge judge = judge(T);
        var broken = new Result(
                GATEWAY,
                "http",
                "",
                T,
                Duration.ofMillis(1),
                Report.builder().broken(Cause.NO_PERMISSION, "no").build());
        advance(judge, List.of(broken));

        assertThat(judge.judgement(broken, Quantity.LATENCY)).isEmpty();
    }
}
