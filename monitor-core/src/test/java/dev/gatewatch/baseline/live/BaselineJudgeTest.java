package dev.gatewatch.baseline.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.baseline.BaselineSettings;
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

    @RegisterExtension
    final TestStore store = new TestStore();

    private Set<Series> exempt = Set.of();
    private Set<Quantity> asked = Set.of();

    private BaselineJudge judge(Instant now) {
        var judge = new BaselineJudge(BaselineSettings.latencyMillis(), _ -> asked, (spec, _) -> exempt.contains(spec.series()));
        store.get().write(tx -> {
            judge.restore(tx, PLAN, now);
            return true;
        });
        return judge;
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
