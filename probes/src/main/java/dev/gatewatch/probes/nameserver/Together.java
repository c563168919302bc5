package dev.gatewatch.probes.nameserver;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does several things that wait at the same time, each on a virtual thread of its own. Pure function. */
public final class Together {
    private Together() {}

    /**
     * The results, in the order of the tasks, when all are done. The tasks keep their own deadlines.
     *
     * @throws InterruptedIOException when the calling thread was interrupted, which ends the tasks too
     * @throws IllegalStateException when a task threw
     */
    public static <T> List<T> all(List<? extends Callable<T>> tasks) throws InterruptedIOException {
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("dns-", 0).factory())) {
            var results = new ArrayList<T>(tasks.size());
            for (Future<T> done : threads.invokeAll(tasks)) {
                results.add(done.get());
            }
            return results;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while asking name servers");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedIOException) {
                throw new InterruptedIOException("interrupted while asking name servers");
            }
            throw new IllegalStateException("asking name servers failed", e.getCause());
        }
    }
}
