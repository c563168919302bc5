package dev.gatewatch.probes.net;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Resolves names as this machine does ({@code /etc/hosts}, {@code /etc/resolv.conf}), within a deadline. Safe for many threads.
 *
 * <p>The system's resolver blocks in native code and cannot be interrupted. On a virtual thread that would hold a carrier, and a few
 * hanging lookups would stop every probe; so lookups run on a bounded set of platform threads and are abandoned at the deadline.
 */
final class SystemResolver implements Resolver {
    /** Lookups under way at once, counting abandoned ones; each hangs at most as long as the system's own time-out. */
    private static final int MOST_LOOKUPS = 64;

    static final Resolver SHARED = new SystemResolver(InetAddress::getAllByName);

    private final Lookup lookup;
    private final ThreadPoolExecutor threads;
    private final Semaphore places = new Semaphore(MOST_LOOKUPS);

    SystemResolver(Lookup lookup) {
        this.lookup = lookup;
        // an idle thread is used before a new one is made; the places bound how many there are
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("resolver-", 0).factory());
    }

    /** Where the addresses come from; blocks. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    @Override
    public Resolved resolve(String host, Deadline deadline) throws UnresolvedException, InterruptedIOException {
        try {
            return new Resolved(List.of(InetAddress.ofLiteral(host)), Duration.ZERO);
        } catch (IllegalArgumentException _) {
            // a name
        }
        long start = System.nanoTime();
        var answer = new CompletableFuture<InetAddress[]>();
        try {
            if (!places.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException();
            }
            threads.execute(() -> lookUp(host, answer));
            InetAddress[] addresses = answer.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
            return new Resolved(List.of(addresses), Duration.ofNanos(System.nanoTime() - start));
        } catch (TimeoutException _) {
            throw new UnresolvedException(
                    new Failure(Cause.DNS_TIMEOUT, "no answer for " + host + " from the system's resolver in time"));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while resolving " + host);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                throw new UnresolvedException(NetFailures.resolve(unknown, host, took));
            }
            throw new IllegalStateException("lookup of " + host + " failed", e.getCause());
        }
    }

    /** On a thread of the pool; the place is given back when the lookup ends, however long ago its asker left. */
    private void lookUp(String host, CompletableFuture<InetAddress[]> answer) {
        try {
            answer.complete(lookup.addresses(host));
        } catch (Throwable e) { // handed to the asker
            answer.completeExceptionally(e);
        } finally {
            places.release();
        }
    }
}
