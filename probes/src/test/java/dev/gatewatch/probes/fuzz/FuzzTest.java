package dev.gatewatch.probes.fuzz;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a peer sends, its readers only ever fail as they say, in bounded time and memory. By default the same inputs in every
 * build, for at most half a second a target; {@code -Dfuzz.minutes=10} feeds new ones for so long in all, and {@code .ci/fuzz} lets a fuzzer
 * that sees the covered code look for more.
 */
@ResourceLock("fuzz")
class FuzzTest {
    private static final double MINUTES = Double.parseDouble(System.getProperty("fuzz.minutes", "0"));

    private static final int INPUTS = 1_500;

    static List<Target> targets() {
        return Targets.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyInputEndsAsItMay(Target target) {
        boolean brief = MINUTES == 0;
        long number = brief ? 7 : System.nanoTime();
        long time = brief
                ? Duration.ofMillis(500).toNanos()
                : (long) (MINUTES * 60e9 / targets().size());
        var feeding = new Feeding(target);
        target.seeds().forEach(feeding::take);
        var mutator = new Mutator(number, target.seeds());
        long start = System.nanoTime();
        while (System.nanoTime() - start < time && !(brief && feeding.inputs() >= INPUTS)) {
            feeding.take(mutator.next());
        }
        System.out.printf(
                "%s: %d inputs from seed %d, the slowest in %d ms%n",
                target, feeding.inputs(), number, feeding.slowest().toMillis());
    }
}
