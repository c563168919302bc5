package dev.gatewatch.alerting.bench;

import dev.gatewatch.alerting.alert.AlertJudge;
import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.kit.World;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.Condition;
import dev.gatewatch.alerting.rule.ErrorRate;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.RuleSamples;
import dev.gatewatch.alerting.rule.RunCount;
import dev.gatewatch.alerting.rule.Slo;
import dev.gatewatch.alerting.rule.SlowRuns;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What judging one result by one rule costs, by JMH, with 10,000 probes and 5 rules on each: in the evaluator's batches of 1,000, from the
 * results to the store's rows. {@code main} runs it. One run in fifty fails, so some alerts come and go.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "-Xmx1200m")
public class JudgingCost {
    private static final int PROBES = 10_000;
    private static final int BATCH = 1_000;
    private static final int RULES = 5;

    /** Whether a budget is among the rules: it writes counts. */
    @Param({"plain", "budgets"})
    String rules = "plain";

    private final List<Series> series = new ArrayList<>();
    private World world = new World();
    private AlertJudge judge = world.judgeOf(List.of(), List.of());
    private long batch;

    @Setup
    public void watch() {
        world = new World();
        var specs = new ArrayList<ProbeSpec>();
        for (int i = 0; i < PROBES; i++) {
            series.add(new Series("probe-" + i, "", "dc1"));
            specs.add(Specs.spec(series.getLast(), Map.of(), Story.INTERVAL));
        }
        Condition fifth = rules.equals("budgets")
                ? new Slo(0.9, Duration.ofDays(30), Slo.WORKBOOK, Optional.empty(), 2)
                : new RunCount(2, 2, true);
        var all = List.of(
                rule("down", new RunCount(3, 3, false)),
                rule("slow", new SlowRuns(0.95, Duration.ofMinutes(5), Duration.ofMillis(800), 5)),
                rule("errors", new ErrorRate(Duration.ofMinutes(10), 0.05, 10)),
                rule("odd", RuleSamples.cel("outcome == 'fail' && latency_ms > 800.0")),
                rule("fifth", fifth));
        judge = world.start(
                world.judgeOf(all, List.of(new Route(List.of(), List.of("chat"), false))), new Plan(specs), Story.T);
        for (int i = 0; i < 700; i++) {
            judge();
        }
    }

    /** Per result and rule. */
    @Benchmark
    @OperationsPerInvocation(BATCH * RULES)
    public int judge() {
        int first = (int) (batch * BATCH % PROBES);
        Instant at = Story.T.plusMillis(batch * BATCH);
        var results = new ArrayList<Result>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            char letter = (first + i + batch * 7) % 50 == 0 ? 'F' : 'S';
            results.add(Story.run(series.get(first + i), letter, at.plusMillis(i)));
        }
        batch++;
        world.judgeAll(judge, results, at.plusMillis(BATCH));
        return results.size();
    }

    private static Rule rule(String name, Condition when) {
        return new Rule(
                name, List.of(), when, Duration.ZERO, Duration.ZERO, Severity.WARNING, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    public static void main(String... args) throws RunnerException {
        new Runner(new OptionsBuilder().include(JudgingCost.class.getSimpleName()).build()).run();
    }
}
