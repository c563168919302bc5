package dev.gatewatch.alerting.delivery;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one lane on a virtual thread of its own, so that no receiver can hold up another. Safe for many threads. */
final class LaneThread {
    private static final Logger LOG = LoggerFactory.getLogger(LaneThread.class);

    /** How long to leave the store alone after it failed. */
    private static final Duration STORE_PAUSE = Duration.ofSeconds(5);

    private final Lane lane;
    private final TimeSource time;
    private final Consumer<Lane> stepped;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile @Nullable Long stopBy;

    /**
     * A thread for a lane.
     *
     * @param stepped is given the lane after each step, on its thread
     */
    LaneThread(Lane lane, TimeSource time, Consumer<Lane> stepped) {
        this.lane = lane;
        this.time = time;
        this.stepped = stepped;
        this.thread = Thread.ofVirtual().name("delivery " + lane.title()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** There may be something to do. */
    void wake() {
        wake.release();
    }

    /** Asks the lane to end once nothing more can be done within the grace. Returns at once. */
    void stopWithin(Duration grace) {
        stopBy = time.nanos() + grace.toNanos();
        wake.release();
    }

    /** Waits for the end that {@link #stopWithin} asked for, and enforces it once the grace is over. */
    void awaitEnd() throws InterruptedException {
        Long by = stopBy;
        long left = by == null ? 0 : by - time.nanos();
        if (!thread.join(Duration.ofNanos(Math.max(1, left)))) {
            thread.interrupt();
            if (!thread.join(Duration.ofSeconds(5))) {
                LOG.warn("Delivery to {} does not stop; leaving it behind", lane.title());
            }
        }
    }

    private void run() {
        try {
            boolean failed = false;
            while (true) {
                Duration wait;
                try {
                    wait = lane.step();
                    stepped.accept(lane);
                    failed = false;
                } catch (RuntimeException e) {
                    if (!failed) {
                        LOG.error("Delivery to {} cannot go on for now, trying again every {} s", lane.title(), STORE_PAUSE.toSeconds(), e);
                    }
                    failed = true;
                    wait = STORE_PAUSE;
                }
                Long by = stopBy;
                if (by != null && wait.toNanos() > by - time.nanos()) {
                    return;
                }
                if (!wait.isZero() && wake.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            // the grace is over; what was being sent is still marked so in the outbox
        }
    }
}
