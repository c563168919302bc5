package dev.gatewatch.engine;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probe.Series;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a result, from its trigger to the journal; read it from top to bottom. What becomes of it there is the
 * {@link Evaluator}'s. Safe for many threads.
 */
final class ProbeRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeRunner.class);

    private final Clock clock;
    private final Consumer<Result> journal;
    private final EngineMetrics metrics;
    private final Function<Series, Memory> memories;
    private final Semaphore permits;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger alive = new AtomicInteger();
    private final Watchdog watchdog = new Watchdog(Watchdog.PATIENCE);
    private volatile Witness witness = new Witness(WitnessSettings.NONE);
    private volatile boolean closing;
    private volatile boolean ended;

    ProbeRunner(
            Clock clock,
            EngineSettings settings,
            Consumer<Result> journal,
            EngineMetrics metrics,
            Function<Series, Memory> memories) {
        this.clock = clock;
        this.memories = memories;
        this.journal = journal;
        this.metrics = metrics;
        this.permits = new Semaphore(settings.maxConcurrentRuns(), true);
        watchdog.start();
    }

    /** From now on these tell whether our own network works. */
    void witnesses(WitnessSettings settings) {
        witness = new Witness(settings);
    }

    /** A run is due: hands it to a thread of its own and returns, unless the one before is still going. */
    void due(Watched probe, Duration lateness) {
        if (closing) {
            return;
        }
        switch (probe.begin()) {
            case BEGUN -> {
                long dueNanos = System.nanoTime() - lateness.toNanos();
                alive.incrementAndGet();
                Thread.ofVirtual().name("run " + probe.spec().series().display()).start(() -> live(probe, dueNanos));
            }
            case STILL_RUNNING -> metrics.skipped(probe.spec().series());
            case RETIRED -> {}
        }
    }

    /** The run's thread, from waiting for its turn to handing the result over. */
    private void live(Watched probe, long dueNanos) {
        try {
            takeTurn();
            try {
                run(probe, Duration.ofNanos(System.nanoTime() - dueNanos));
            } finally {
                permits.release();
            }
        } catch (InterruptedException _) {
            // the engine closes: what has not begun is left out
        } finally {
            probe.end();
            alive.decrementAndGet();
        }
    }

    /** Waits while too many runs go on at once. The deadline is not running yet: our own crowding must not fail a target. */
    private void takeTurn() throws InterruptedException {
        if (permits.tryAcquire()) {
            return;
        }
        waiting.incrementAndGet();
        try {
            permits.acquire();
        } finally {
            waiting.decrementAndGet();
        }
    }

    private void run(Watched watched, Duration lateness) throws InterruptedException {
        ProbeSpec spec = watched.spec();
        Instant startedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS); // as the journal keeps it
        long startNanos = System.nanoTime();
        Watchdog.Guard guard = watchdog.guard(
                spec.timeout(),
                () -> deliver(result(spec, startedAt, startNanos, givenUp(spec)), lateness));

        if (ended) { // looked at under guard, so that a run either sees the end or is cut off by it
            guard.over();
            return;
        }
        Report report;
        Watchdog.Guard.End end;
        try {
            report = probe(spec);
            end = guard.over();
        } catch (Throwable e) {
            end = guard.over();
            report = end == Watchdog.Guard.End.CUT_OFF ? cutOff(spec) : ownFault(watched, e);
        }
        if (report.outcome() != Outcome.PASS && watchdog.stoodStillSince(startNanos)) {
            report = stoodStill();
        }
        // given up: the watchdog has delivered in its stead; cut off at our end: says nothing about the target
        if (end == Watchdog.Guard.End.BY_ITSELF || (end == Watchdog.Guard.End.CUT_OFF && !ended)) {
            Result result = result(spec, startedAt, startNanos, report);
            deliver(result.with(witness.heard(report, startNanos)), lateness);
        }
    }

    private Report probe(ProbeSpec spec) throws Exception {
        var run = new Run(spec.series(), Deadline.after(spec.timeout()), clock, memories.apply(spec.series()), traceId());
        return Objects.requireNonNull(spec.probe().run(run), "the probe gave no report");
    }

    private static Result result(ProbeSpec spec, Instant startedAt, long startNanos, Report report) {
        long micros = (System.nanoTime() - startNanos) / 1_000;
        return new Result(
                spec.series(),
                spec.type().name(),
                spec.probe().target(),
                startedAt,
                Duration.of(micros, ChronoUnit.MICROS),
                report);
    }

    private void deliver(Result result, Duration lateness) {
        journal.accept(result);
        metrics.ran(result, lateness);
    }

    /** The probe had not answered by its deadline and was interrupted. */
    private static Report cutOff(ProbeSpec spec) {
        return Report.builder()
                .fail(Cause.RESPONSE_TIMEOUT, "no answer within " + Durations.format(spec.timeout()) + "; the run was cut off")
                .build();
    }

    /** What such a run saw may be our own absence: a peer that hung up on us, a time-out that passed while nobody listened. */
    private static Report stoodStill() {
        return Report.builder()
                .broken(
                        Cause.INTERNAL_ERROR,
                        "this process stood still during the run, which therefore says nothing about the target")
                .build();
    }

    private static Report givenUp(ProbeSpec spec) {
        LOG.error(
                "The run of {} goes on although it was interrupted {} ago; the probe will not run again until it ends",
                spec.series().display(),
                Durations.format(Watchdog.PATIENCE));
        return Report.builder()
                .broken(Cause.INTERNAL_ERROR, "the run did not end, although it was interrupted at its deadline")
                .build();
    }

    private static Report ownFault(Watched watched, Throwable e) {
        if (watched.newFault(e)) {
            LOG.error(
                    "The probe {} failed for a fault of its own", watched.spec().series().display(), e);
        }
        return Report.builder()
                .broken(Cause.INTERNAL_ERROR, "the probe failed for a fault of its own ("
                        + e.getClass().getSimpleName() + "); the log has more")
                .build();
    }

    /** 32 hexadecimal digits that are not all zero (W3C Trace Context, section 3.2.2.3). */
    private static String traceId() {
        var random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong() | 1);
    }

    /** How many runs go on. */
    int running() {
        return watchdog.guarded();
    }

    /** How many runs wait for their turn. */
    int waiting() {
        return waiting.get();
    }

    /** Begins no more runs, lets those that go on end for a while, and cuts off the rest, which then leave no result. */
    void close(Duration grace) {
        closing = true;
        awaitNone(grace);
        ended = true;
        watchdog.cutAll();
        awaitNone(Watchdog.GRACE);
        watchdog.close();
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }

    private void awaitNone(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        try {
            while (alive.get() > 0 && System.nanoTime() - end < 0) {
                Thread.sleep(5);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
