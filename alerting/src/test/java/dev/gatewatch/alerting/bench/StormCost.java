package dev.gatewatch.alerting.bench;

import dev.gatewatch.alerting.alert.AlertJudge;
import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.kit.World;
import dev.gatewatch.alerting.route.Restraint;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.route.TreeRouter;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.RunCount;
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
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What a batch costs while ten thousand alerts fire, by JMH: one without results (time passes, and it is decided anew who is told), and one
 * of a thousand results that all fail. {@code main} runs it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "-Xmx1200m")
public class StormCost {
    private static final int PROBES = 10_000;
    private static final int BATCH = 1_000;

    private final List<Series> series = new ArrayList<>();
    private World world = new World();
    private AlertJudge judge = world.judgeOf(List.of(), List.of());
    private Instant now = Story.T;
    private int next;

    @Setup(Level.Trial)
    public void outage() {
        var specs = new ArrayList<ProbeSpec>();
        for (int i = 0; i < PROBES; i++) {
            series.add(new Series("probe-" + i, "", "dc1"));
            specs.add(Specs.spec(series.getLast(), Map.of(), Story.INTERVAL));
        }
        var down = new Rule(
                "down",
                List.of(),
                new RunCount(3, 3, false),
                Duration.ZERO,
                Duration.ZERO,
                Severity.CRITICAL,
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
        var router = new TreeRouter(List.of(new Route(List.of(), List.of("chat"), false)), Restraint.NONE, "chat"::equals);
        judge = world.start(world.judgeOf(List.of(down), router), new Plan(specs), now);
        for (int i = 0; i < 10 * PROBES / BATCH; i++) {
            failing();
        }
        if (judge.current().size() != PROBES) {
            throw new IllegalStateException("alerts open: " + judge.current().size());
        }
    }

    @Benchmark
    public void idle() {
        now = now.plusSeconds(1);
        world.judgeAll(judge, List.of(), now);
    }

    @Benchmark
    public void failing() {
        var results = new ArrayList<Result>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            results.add(Story.run(series.get(next), 'F', now.plusMillis(i)));
            next = (next + 1) % PROBES;
        }
        now = now.plusSeconds(1);
        world.judgeAll(judge, results, now);
    }

    public static void main(String... args) throws RunnerException {
        new Runner(new OptionsBuilder().include(StormCost.class.getSimpleName()).build()).run();
    }
}
