package dev.gatewatch.probes.net;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Does the like for many things at once, on virtual threads. Pure functions. */
public final class Parallel {
    private Parallel() {}

    /** What to do with one; ends soon after an interrupt. */
    @FunctionalInterface
    public interface Work<A, B> {
        B of(A one) throws InterruptedIOException;
    }

    /**
     * The answers for all, in their order.
     *
     * @param atOnce how many are under way at the most
     * @throws InterruptedIOException when the calling thread was interrupted; nothing is under way any more then
     */
    public static <A, B> List<B> map(List<A> all, int atOnce, Work<A, B> work) throws InterruptedIOException {
        if (all.size() == 1) {
            return List.of(work.of(all.getFirst()));
        }
        var places = new Semaphore(atOnce);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var going = new ArrayList<Future<B>>();
            for (A one : all) {
                going.add(threads.submit(() -> {
                    places.acquire();
                    try {
                        return work.of(one);
                    } finally {
                        places.release();
                    }
                }));
            }
            try {
                var answers = new ArrayList<B>();
                for (Future<B> one : going) {
                    answers.add(one.get());
                }
                return answers;
            } catch (InterruptedException _) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while working on " + all.size() + " at once");
            } catch (ExecutionException e) {
                threads.shutdownNow();
                if (e.getCause() instanceof RuntimeException broken) {
                    throw broken;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }
}
