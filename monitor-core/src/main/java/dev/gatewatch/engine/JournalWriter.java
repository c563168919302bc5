package dev.gatewatch.engine;

import dev.gatewatch.probe.Result;
import dev.gatewatch.store.Journal;
import dev.gatewatch.store.StoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings results into the journal, many in one transaction: a forced write to disk costs the same for one as for hundreds. While the
 * store does not take them, results wait in memory, and the oldest are dropped and counted when there are too many. Safe for many
 * threads; one of its own writes.
 */
final class JournalWriter implements Consumer<Result>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

    /** At most this often the disk is asked to keep results. */
    private static final Duration EVERY = Duration.ofMillis(200);

    /** Or sooner when so many wait. */
    private static final int GROUP = 1_000;

    /** So many results wait at most: over three minutes of a thousand probes every ten seconds, some 40 MB. */
    static final int MOST = 20_000;

    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

    /** How long a closing writer tries to bring the last results in. */
    private static final Duration LAST_TRIES = Duration.ofSeconds(3);

    private final Journal journal;
    private final Runnable appended;
    private final EngineMetrics metrics;
    private final Thread thread = Thread.ofPlatform().name("journal").daemon().unstarted(this::write);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private final ArrayDeque<Result> queue = new ArrayDeque<>();
    private int inHand;
    private long dropped;
    private boolean closing;

    // confined to the writer's thread
    private long giveUpAt;

    private volatile @Nullable String trouble;

    /**
     * A writer.
     *
     * @param appended called after each group, on the writer's thread; quick
     */
    JournalWriter(Journal journal, Runnable appended, EngineMetrics metrics) {
        this.journal = journal;
        this.appended = appended;
        this.metrics = metrics;
    }

    void start() {
        thread.start();
    }

    /** Takes a result. Never blocks. */
    @Override
    public void accept(Result result) {
        boolean lost = false;
        lock.lock();
        try {
            queue.addLast(result);
            if (queue.size() + inHand > MOST) {
                queue.removeFirst();
                dropped++;
                lost = true;
            }
            if (queue.size() == 1 || queue.size() == GROUP) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (lost) {
            metrics.dropped(1);
        }
    }

    /** How many results wait. */
    int queued() {
        lock.lock();
        try {
            return queue.size() + inHand;
        } finally {
            lock.unlock();
        }
    }

    /** How many results were lost since start. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Why results are not stored at present, in a person's words. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Writes what waits, for a short while at most, and ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(LAST_TRIES.plusSeconds(2));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        int left = queued();
        if (left > 0) {
            LOG.error("{} results could not be stored before the end and are lost", left);
        }
    }

    private void write() {
        long lastTry = System.nanoTime() - EVERY.toNanos();
        Duration pause = EVERY;
        try {
            while (awaitGroup(lastTry + pause.toNanos())) {
                List<Result> group = take();
                lastTry = System.nanoTime();
                pause = append(group) ? EVERY : longer(pause);
            }
        } catch (InterruptedException _) {
            // nobody interrupts this thread but the end of the process
        }
    }

    /** Waits until there are results and it is time, or many; whether to go on. */
    private boolean awaitGroup(long notBefore) throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty() && !closing) {
                changed.await();
            }
            boolean retrying = trouble != null;
            long now = System.nanoTime();
            while (now - notBefore < 0 && !closing && (retrying || queue.size() < GROUP)) {
                changed.awaitNanos(notBefore - now);
                now = System.nanoTime();
            }
            if (!closing) {
                return true;
            }
        } finally {
            lock.unlock();
        }
        return lastTries();
    }

    private boolean lastTries() throws InterruptedException {
        if (giveUpAt == 0) {
            giveUpAt = System.nanoTime() + LAST_TRIES.toNanos();
        } else if (trouble != null) {
            TimeUnit.MILLISECONDS.sleep(FIRST_RETRY.toMillis());
        }
        return queued() > 0 && System.nanoTime() - giveUpAt < 0;
    }

    private List<Result> take() {
        lock.lock();
        try {
            var group = new ArrayList<Result>(Math.min(queue.size(), GROUP));
            while (group.size() < GROUP && !queue.isEmpty()) {
                group.add(queue.removeFirst());
            }
            inHand = group.size();
            return group;
        } finally {
            lock.unlock();
        }
    }

    /** Appends a group; whether the store took it. */
    private boolean append(List<Result> group) {
        try {
            journal.append(group);
        } catch (StoreException e) {
            putBack(group);
            tell(e);
            return false;
        } catch (RuntimeException e) {
            LOG.error("A group of {} results cannot be written; trying one by one", group.size(), e);
            return appendEach(group);
        }
        putBack(List.of());
        recovered();
        appended.run();
        return true;
    }

    /** Finds the result that cannot be written, so that it does not keep the others out for ever. */
    private boolean appendEach(List<Result> group) {
        for (int i = 0; i < group.size(); i++) {
            Result result = group.get(i);
            try {
                journal.append(List.of(result));
            } catch (StoreException e) {
                putBack(group.subList(i, group.size()));
                tell(e);
                return false;
            } catch (RuntimeException e) {
                LOG.error("A result of {} cannot be written and is dropped", result.series().display(), e);
                lose(1);
            }
        }
        putBack(List.of());
        appended.run();
        return true;
    }

    private void putBack(List<Result> group) {
        int lost = 0;
        lock.lock();
        try {
            inHand = 0;
            group.reversed().forEach(queue::addFirst);
            while (queue.size() > MOST) {
                queue.removeFirst();
                lost++;
            }
        } finally {
            lock.unlock();
        }
        if (lost > 0) {
            lose(lost);
        }
    }

    private void lose(int results) {
        lock.lock();
        try {
            dropped += results;
        } finally {
            lock.unlock();
        }
        metrics.dropped(results);
    }

    private void tell(StoreException e) {
        String words = String.valueOf(e.getMessage());
        if (!words.equals(trouble)) {
            LOG.error("Results cannot be stored and wait in memory: {}", words);
            LOG.debug("The store's own words", e);
        }
        trouble = words;
    }

    private void recovered() {
        if (trouble != null) {
            LOG.info("Results are stored again; {} were dropped since start", dropped());
            trouble = null;
        }
    }

    private static Duration longer(Duration pause) {
        Duration next = pause.compareTo(FIRST_RETRY) < 0 ? FIRST_RETRY : pause.multipliedBy(2);
        return next.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : next;
    }
}
