package dev.gatewatch.engine;

import dev.gatewatch.probe.Result;
import dev.gatewatch.store.Cursor;
import dev.gatewatch.store.Journal;
import dev.gatewatch.store.Store;
import dev.gatewatch.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes results from the journal in order and lets the judges advance, one database transaction a batch: either all of what a batch
 * means is durable, the cursor with it, or nothing is. So after a crash it goes on exactly where it was. One thread judges.
 */
final class Evaluator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Evaluator.class);

    /** The most results of one batch: bounds the time that the one writing transaction holds others up. */
    static final int BATCH = 1_000;

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration TIDY_EVERY = Duration.ofSeconds(10);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

    /** After so many failures over the same result, without the store being at fault, it is left out. */
    private static final int TRIES = 3;

    private final Store store;
    private final Clock clock;
    private final Thread thread = Thread.ofPlatform().name("evaluator").daemon().unstarted(this::work);

    private final AtomicReference<@Nullable Panel> next = new AtomicReference<>();
    private final AtomicLong unjudgedSince = new AtomicLong();
    private volatile @Nullable String trouble;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by lock
    private boolean woken;
    private boolean closing;

    // confined to the evaluator's thread
    private Panel panel = new Panel(new Plan(List.of()), List.of(), new CompletableFuture<>());
    private boolean restored;
    private int failures;
    /** So many of the next results are taken one by one, to find the one that a judge stumbles over. */
    private int singly;
    private long tidyAt = System.nanoTime();

    /** Who judges by which plan; {@code inOffice} completes when they have taken over. */
    private record Panel(Plan plan, List<Judge> judges, CompletableFuture<Void> inOffice) {}

    Evaluator(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Starts judging.
     *
     * @throws StoreException when the judges cannot be restored
     */
    void start(Plan plan, List<Judge> judges) {
        panel = new Panel(plan, List.copyOf(judges), new CompletableFuture<>());
        restore();
        thread.start();
    }

    /** Lets other judges take over before the next batch. The future completes when they have; late, while the store is in trouble. */
    CompletableFuture<Void> replaceJudges(Plan plan, List<Judge> judges) {
        var panel = new Panel(plan, List.copyOf(judges), new CompletableFuture<>());
        Panel overtaken = next.getAndSet(panel);
        if (overtaken != null) {
            var _ = panel.inOffice.thenAccept(overtaken.inOffice::complete);
        }
        wake(false);
        return panel.inOffice;
    }

    /** There are new results in the journal. */
    void wake() {
        unjudgedSince.compareAndSet(0, System.nanoTime() | 1); // never the 0 that stands for none
        wake(false);
    }

    /** How long ago the oldest result not judged yet came into the journal. */
    Duration lag() {
        long since = unjudgedSince.get();
        return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** Why results are not judged at present, in a person's words. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Judges what is in the journal and ends. */
    @Override
    public void close() {
        wake(true);
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        while (true) {
            boolean more = false;
            try {
                takeOver();
                if (!restored) {
                    restore();
                }
                more = step(singly > 0 ? 1 : BATCH);
                recovered();
                tidy();
            } catch (RuntimeException e) {
                failed(e);
            }
            if (!more && !rest()) {
                return;
            }
        }
    }

    /** Waits for results or the next tick; longer after failures. Whether to go on. */
    private boolean rest() {
        Duration pause = failures == 0 ? TICK : backoff();
        lock.lock();
        try {
            long end = System.nanoTime() + pause.toNanos();
            // after a failure new results are no reason to hurry
            while (!closing && !(woken && failures == 0)) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                changed.awaitNanos(left);
            }
            boolean goOn = woken || !closing;
            woken = false;
            return goOn && !(closing && failures > 0);
        } catch (InterruptedException _) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void wake(boolean toClose) {
        lock.lock();
        try {
            woken = true;
            closing |= toClose;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void takeOver() {
        Panel successor = next.getAndSet(null);
        if (successor != null) {
            panel = successor;
            restored = false;
        }
    }

    /** Brings the judges to where the store is: their durable state, then the past that their windows need. */
    private void restore() {
        store.write(tx -> {
            Instant now = clock.instant();
            panel.judges.forEach(judge -> judge.restore(tx, panel.plan, now));
            replay(tx, now);
            return true;
        });
        restored = true;
        panel.inOffice.complete(null);
    }

    private void replay(Handle tx, Instant now) {
        List<Judge> remembering = panel.judges.stream()
                .filter(judge -> judge.memory().isPositive())
                .toList();
        if (remembering.isEmpty()) {
            return;
        }
        Duration longest = remembering.stream().map(Judge::memory).max(Duration::compareTo).orElseThrow();
        long cursor = Cursor.read(tx);
        // after a standstill what waits is old, and its past is older
        Instant next = store.journal().after(tx, cursor, 1).stream()
                .map(entry -> entry.result().startedAt())
                .filter(now::isAfter)
                .findFirst()
                .orElse(now);
        store.journal().replay(tx, next.minus(longest), cursor, result -> {
            for (Judge judge : remembering) {
                if (!result.startedAt().isBefore(next.minus(judge.memory()))) {
                    judge.remember(result);
                }
            }
        });
    }

    /** Judges a batch of at most so many results; whether more wait. */
    private boolean step(int limit) {
        long seenSince = unjudgedSince.get();
        Instant now = clock.instant();
        int judged = store.write(tx -> {
            List<Journal.Entry> entries = store.journal().after(tx, Cursor.read(tx), limit);
            List<Result> results = entries.stream().map(Journal.Entry::result).toList();
            restored = false; // what follows changes the judges: unless it is committed they have to be restored
            panel.judges.forEach(judge -> judge.advance(tx, results, now));
            if (!entries.isEmpty()) {
                Cursor.move(tx, entries.getLast().seq());
            }
            return entries.size();
        });
        restored = true;
        panel.judges.forEach(Evaluator::committed);
        boolean more = judged == limit;
        if (!more) {
            unjudgedSince.compareAndSet(seenSince, 0);
        }
        singly = more && singly > 0 ? singly - 1 : 0;
        return more;
    }

    private static void committed(Judge judge) {
        try {
            judge.committed();
        } catch (RuntimeException e) {
            LOG.error("{} failed after its judgement was stored", judge.getClass().getSimpleName(), e);
        }
    }

    private void failed(RuntimeException e) {
        failures++;
        String words;
        if (e instanceof StoreException) {
            words = String.valueOf(e.getMessage());
            LOG.debug("The store's own words", e);
        } else {
            words = "judging failed for a fault of our own (" + e.getClass().getSimpleName() + "); the log has more";
            if (failures == 1) {
                LOG.error("Judging failed for a fault of our own", e);
            }
            isolate();
        }
        if (!words.equals(trouble)) {
            LOG.error("Results are not judged at present: {}", words);
        }
        trouble = words;
    }

    /** A judge stumbles over a result: finds it by taking results one by one, and leaves it out when nothing else helps. */
    private void isolate() {
        if (singly == 0) {
            singly = BATCH;
            failures = 1;
        } else if (failures > TRIES) {
            try {
                restore();
                step(0); // fails again where the result is not to blame
                singly = BATCH;
                if (stumblesStill()) {
                    leaveOut();
                }
            } catch (RuntimeException e) {
                LOG.debug("No result is left out", e);
            }
        }
    }

    /** Takes the next result once more: what was wrong may have passed since it failed. */
    private boolean stumblesStill() {
        try {
            step(1);
            return false;
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException _) {
            return true;
        }
    }

    private void leaveOut() {
        store.write(tx -> {
            List<Journal.Entry> entry = store.journal().after(tx, Cursor.read(tx), 1);
            entry.forEach(e -> {
                LOG.error(
                        "The result {} of {} cannot be judged and is left out",
                        e.seq(),
                        e.result().series().display());
                Cursor.move(tx, e.seq());
            });
            return entry.size();
        });
    }

    private void recovered() {
        failures = 0;
        if (trouble != null) {
            LOG.info("Results are judged again");
            trouble = null;
        }
    }

    private Duration backoff() {
        Duration pause = Duration.ofMillis(100L << Math.min(failures - 1, 7));
        return pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
    }

    private void tidy() {
        long now = System.nanoTime();
        if (now - tidyAt >= 0) {
            boolean more = store.tidy(clock.instant());
            tidyAt = now + (more ? TimeUnit.MILLISECONDS.toNanos(100) : TIDY_EVERY.toNanos());
        }
    }
}
