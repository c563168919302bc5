package dev.gatewatch.probes.callback;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Where the callbacks of one run arrive: they are kept from the moment the box is there, whether somebody waits or not. Closing it
 * forgets its address. Safe for many threads.
 */
public final class CallbackBox implements AutoCloseable {
    /** One run needs a few; a peer in a loop should not fill the memory. */
    static final int MOST_KEPT = 50;

    private final String url;
    private final int status;
    private final String body;
    private final Runnable onClose;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();

    // guarded by lock
    private final List<Callback> waiting = new ArrayList<>();
    private int received;
    private int tooLarge;

    CallbackBox(String url, int status, String body, Runnable onClose) {
        this.url = url;
        this.status = status;
        this.body = body;
        this.onClose = onClose;
    }

    /** What to give the target. Whoever knows it can call: it must not be shown. */
    public String url() {
        return url;
    }

    int status() {
        return status;
    }

    String body() {
        return body;
    }

    void put(Callback callback) {
        lock.lock();
        try {
            received++;
            if (waiting.size() < MOST_KEPT) {
                waiting.add(callback);
                arrived.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** One came whose body is over the limit; it was refused. */
    void refusedAsTooLarge() {
        lock.lock();
        try {
            tooLarge++;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the first callback that fits, waiting for one if need be.
     *
     * @return nothing when none came in time
     */
    public Optional<Callback> take(Predicate<Callback> fits, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<Callback> found = waiting.stream().filter(fits).findFirst();
                if (found.isPresent()) {
                    waiting.remove(found.get());
                    return found;
                }
                if (left <= 0) {
                    return Optional.empty();
                }
                left = arrived.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those that came and that nobody took. */
    public List<Callback> left() {
        lock.lock();
        try {
            return List.copyOf(waiting);
        } finally {
            lock.unlock();
        }
    }

    /** How many came so far. */
    public int received() {
        lock.lock();
        try {
            return received;
        } finally {
            lock.unlock();
        }
    }

    /** How many were refused because their body was too large. */
    public int tooLarge() {
        lock.lock();
        try {
            return tooLarge;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        onClose.run();
    }

    @Override
    public String toString() {
        return "callback box"; // the address is a secret
    }
}
