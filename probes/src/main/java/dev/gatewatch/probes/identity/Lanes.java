package dev.gatewatch.probes.identity;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Several virtual threads that share the work of one run. */
public final class Lanes {
    private static final long PATIENCE_MILLIS = 500;

    private Lanes() {}

    /** One thread's part; it takes what is left of the common work until there is none. */
    @FunctionalInterface
    public interface Lane {
        void run() throws InterruptedIOException;
    }

    /**
     * Runs the same part on so many threads at once and waits until all have ended. An interrupt of the caller is passed on to them.
     *
     * @throws InterruptedIOException when the caller, or one of them, was interrupted
     */
    public static void run(int lanes, Lane part) throws InterruptedIOException {
        var fault = new AtomicReference<Throwable>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < lanes; i++) {
            threads.add(Thread.ofVirtual().name("lane " + i).start(() -> {
                try {
                    part.run();
                } catch (InterruptedIOException | RuntimeException | Error e) {
                    fault.compareAndSet(null, e);
                }
            }));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException _) {
            end(threads);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while requests were under way");
        }
        switch (fault.get()) {
            case null -> {}
            case InterruptedIOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private static void end(List<Thread> threads) {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join(PATIENCE_MILLIS);
            }
        } catch (InterruptedException _) {
            // who is interrupted twice does not want to wait
        }
    }
}
