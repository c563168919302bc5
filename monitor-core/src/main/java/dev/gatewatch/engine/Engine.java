package dev.gatewatch.engine;

import dev.gatewatch.probe.Series;
import dev.gatewatch.store.Store;
import dev.gatewatch.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine: runs probes on schedule, journals their results and lets the judges advance. Built from the store up; stopped from the
 * schedule down, so that what has run is judged. Safe for many threads.
 */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** A probe with a longer interval runs first within this time after its start, so that a page fills soon. */
    private static final Duration SOON = Duration.ofSeconds(10);

    /** How long a stopping engine lets runs end by themselves. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** How long a reload waits for the new judges; a store in trouble must not hold it up for ever. */
    private static final Duration HANDOVER = Duration.ofSeconds(30);

    private final Scheduler scheduler;
    private final Clock clock;
    private final Board board;
    private final Memories memories;
    private final JournalWriter writer;
    private final Evaluator evaluator;
    private final ProbeRunner runner;

    /** How long after a failure it is looked at again: the moment that a hiccup lasts. */
    private static final Executor SOON_AGAIN = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    /** Held over a whole start, reload or stop. */
    private final ReentrantLock changing = new ReentrantLock();

    // guarded by changing
    private volatile Map<Series, Watched> watched = new ConcurrentHashMap<>(); // read by re-runs without it
    private boolean closed;

    /**
     * An engine that does nothing yet.
     *
     * @param store stays its owner's, who closes it after the engine
     * @param scheduler becomes the engine's, not started yet
     * @param board advances after the judges
     */
    public Engine(
            Store store, Scheduler scheduler, Clock clock, EngineSettings settings, EngineMetrics metrics, Board board) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.board = board;
        this.evaluator = new Evaluator(store, clock);
        this.memories = new Memories(store);
        this.writer = new JournalWriter(store.journal(), this::appended, metrics);
        this.runner = new ProbeRunner(clock, settings, writer, metrics, memories::of);
    }

    /**
     * Restores the judges, judges what was journalled before, and begins to run the plan's probes, which become the engine's.
     *
     * @param judges in the order in which they advance
     * @throws StoreException when the judges cannot be restored; nothing runs then
     */
    public void start(Plan plan, List<Judge> judges) {
        changing.lock();
        try {
            evaluator.start(plan, withBoard(judges));
            memories.restore();
            memories.retain(plan.probes().keySet());
            writer.start();
            plan.probes().forEach((series, spec) -> {
                Watched probe = Watched.of(spec);
                watched.put(series, probe);
                schedule(probe);
            });
            scheduler.start();
        } finally {
            changing.unlock();
        }
    }

    /**
     * Goes over to another plan and other judges. Probes with an unchanged fingerprint keep their timers and go on undisturbed; the
     * others begin or end. Every probe of {@code plan} becomes the engine's; those it has no use for are closed.
     */
    public void reload(Plan plan, List<Judge> judges) {
        changing.lock();
        try {
            var kept = new HashMap<Series, Watched>();
            var fresh = new ArrayList<Watched>();
            var specs = new ArrayList<ProbeSpec>();
            plan.probes().forEach((series, spec) -> {
                Watched old = watched.get(series);
                if (old != null && old.spec().fingerprint().equals(spec.fingerprint())) {
                    kept.put(series, old);
                    closeUnused(spec, old.spec());
                } else {
                    Watched probe = old == null ? Watched.of(spec) : old.changedTo(spec);
                    kept.put(series, probe);
                    fresh.add(probe);
                }
                // who depends on whom is no part of a probe's fingerprint: it runs alike
                specs.add(kept.get(series).spec().dependingOn(spec.dependsOn()));
            });
            var gone = new ArrayList<>(watched.values());
            gone.removeAll(kept.values());

            gone.forEach(this::unschedule);
            awaitHandover(evaluator.replaceJudges(new Plan(specs), withBoard(judges)));
            fresh.forEach(this::schedule);
            gone.forEach(Watched::retire);
            memories.retain(kept.keySet());
            watched = new ConcurrentHashMap<>(kept);
        } finally {
            changing.unlock();
        }
    }

    /** From now on these tell whether our own network works. */
    public void witnesses(WitnessSettings settings) {
        runner.witnesses(settings);
    }

    /** Runs a series once more, soon. */
    public Reruns reruns() {
        return series -> SOON_AGAIN.execute(() -> {
            Watched probe = watched.get(series);
            if (probe != null) {
                runner.due(probe, Duration.ZERO);
            }
        });
    }

    /** How things stand now. */
    public EngineGauges gauges() {
        return new EngineGauges(
                runner.running(),
                runner.waiting(),
                writer.queued(),
                writer.dropped(),
                evaluator.lag(),
                writer.trouble().or(evaluator::trouble));
    }

    /** Stops: no new runs, a moment for those that go on, then everything that has run is journalled and judged. */
    @Override
    public void close() {
        changing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            scheduler.close();
            runner.close(GRACE);
            writer.close();
            evaluator.close();
            watched.values().forEach(Watched::retire);
        } finally {
            changing.unlock();
        }
    }

    /** On the journal's thread: the evaluator first, as what runs remember is in no hurry. */
    private void appended() {
        evaluator.wake();
        memories.write();
    }

    private List<Judge> withBoard(List<Judge> judges) {
        var all = new ArrayList<Judge>(judges);
        all.add(board);
        return all;
    }

    private void schedule(Watched probe) {
        ProbeSpec spec = probe.spec();
        Duration offset = Offsets.of(spec.series(), spec.interval());
        scheduler.schedule(key(spec), spec.interval(), offset, lateness -> runner.due(probe, lateness));

        long now = clock.millis();
        long soon = Grid.next(now, SOON.toMillis(), offset.toMillis());
        if (spec.interval().compareTo(SOON) > 0
                && soon < Grid.next(now, spec.interval().toMillis(), offset.toMillis())) {
            Duration soonOffset = Duration.ofMillis(offset.toMillis() % SOON.toMillis());
            scheduler.schedule(firstKey(spec), SOON, soonOffset, lateness -> {
                scheduler.cancel(firstKey(spec));
                runner.due(probe, lateness);
            });
        }
    }

    @SuppressWarnings("ReferenceEquality") // two equal probes are still two to close
    private static void closeUnused(ProbeSpec spec, ProbeSpec kept) {
        if (spec.probe() != kept.probe()) {
            Watched.of(spec).retire();
        }
    }

    private void unschedule(Watched probe) {
        scheduler.cancel(firstKey(probe.spec()));
        scheduler.cancel(key(probe.spec()));
    }

    private static String key(ProbeSpec spec) {
        Series series = spec.series();
        return series.probe() + "/" + series.region() + "/" + series.location();
    }

    private static String firstKey(ProbeSpec spec) {
        return key(spec) + "/first";
    }

    private static void awaitHandover(CompletableFuture<Void> inOffice) {
        try {
            inOffice.get(HANDOVER.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            LOG.warn("The store is in trouble: judging by the new configuration begins when it works again");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
