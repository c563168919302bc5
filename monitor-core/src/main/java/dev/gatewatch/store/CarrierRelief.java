package dev.gatewatch.store;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does the work of virtual threads on a few platform threads. SQLite is native code: it holds the carrier of a virtual thread while it
 * waits for the disk, and the carriers are few and shared with the running probes, whose measured times would suffer. Safe for many
 * threads.
 */
final class CarrierRelief implements AutoCloseable {
    private final ThreadPoolExecutor threads;

    CarrierRelief(String name, int size) {
        threads = new ThreadPoolExecutor(
                size,
                size,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name(name + "-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Runs the work here on a platform thread, elsewhere on a virtual one. An interrupt does not end it: it must be known how it ended. */
    <T extends @Nullable Object> T call(Supplier<T> work) {
        if (!Thread.currentThread().isVirtual()) {
            return work.get();
        }
        Future<T> done;
        try {
            done = threads.submit(work::get);
        } catch (RejectedExecutionException e) {
            throw new StoreException("the store is closed", e);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return done.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    switch (e.getCause()) {
                        case RuntimeException runtime -> throw runtime;
                        case Error error -> throw error;
                        case null, default -> throw new IllegalStateException(e);
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Takes no more work; what was taken is done. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
