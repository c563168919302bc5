package dev.gatewatch.engine;

import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Result;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A single run, now, outside any schedule: by the very runner that the daemon uses. */
public final class OneRun {
    private OneRun() {}

    /**
     * Runs the probe once and waits for its result. The probe stays its owner's.
     *
     * @param timeout instead of the one in the spec
     */
    public static Result of(ProbeSpec spec, Duration timeout, Clock clock) throws InterruptedException {
        var timed = new ProbeSpec(
                spec.series(), spec.type(), spec.labels(), spec.interval(), timeout, spec.probe(), spec.fingerprint());
        var result = new CompletableFuture<Result>();
        try (var runner = new ProbeRunner(clock, new EngineSettings(1), result::complete, EngineMetrics.NONE, _ -> Memory.fresh())) {
            runner.due(Watched.of(timed), Duration.ZERO);
            return result.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
