package dev.gatewatch.baseline.bench;

import dev.gatewatch.baseline.Baseline;
import dev.gatewatch.baseline.BaselineSettings;
import dev.gatewatch.baseline.Judgement;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** What a run, a save and a load of a baseline cost, by JMH: {@code main} runs all. The baseline has seen 30 days when measuring begins. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class BaselineCost {
    private static final int DAY = 1440;
    private static final BaselineSettings SETTINGS = BaselineSettings.latencyMillis();

    private final double[] latencies = new double[DAY];
    private Baseline baseline = Baseline.fresh(SETTINGS);
    private byte[] bytes = {};
    private long minute;

    @Setup
    public void learn() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < DAY; i++) {
            double rhythm = 1 + 0.5 * Math.sin(2 * Math.PI * i / DAY);
            latencies[i] = 100 * rhythm * Math.exp(0.2 * random.nextGaussian());
        }
        for (int i = 0; i < 30 * DAY; i++) {
            run();
        }
        bytes = baseline.toBytes();
    }

    @Benchmark
    public Judgement run() {
        int slot = (int) (minute % DAY);
        Judgement judgement = baseline.observe(minute * 60_000, latencies[slot], slot % 977 != 0, true);
        minute++;
        return judgement;
    }

    @Benchmark
    public byte[] save() {
        return baseline.toBytes();
    }

    @Benchmark
    public Baseline load() {
        return Baseline.fromBytes(SETTINGS, bytes);
    }

    public static void main(String[] args) throws Exception {
        new Runner(new OptionsBuilder()
                        .include(BaselineCost.class.getSimpleName())
                        .build())
                .run();
    }
}
