package dev.gatewatch.probes.trace;

import dev.gatewatch.probes.nativenet.NativeNet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;

/**
 * Traces the paths to targets that do not answer: once a minute for an address at most, in the background, within two seconds. Safe for
 * many threads.
 *
 * <p>Whoever asks has to have asked the target policy about the address and port before.
 */
public final class PathTracer {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final Duration QUIET = Duration.ofMillis(500);

    /** Traces at once; a failing data centre must not become a flood of ours. */
    private static final int MOST_AT_ONCE = 8;

    private static final PathTracer SYSTEM = system(Thread.ofVirtual().name("trace-", 0).factory());

    private final ThreadFactory threads;
    private final Route route;
    private final Duration pause;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final Map<InetAddress, Tracing> tracings = new HashMap<>(); // under itself

    PathTracer(ThreadFactory threads, Route route, Duration pause) {
        this.threads = threads;
        this.route = route;
        this.pause = pause;
    }

    /** This machine's, shared by all probes. */
    public static PathTracer system() {
        return SYSTEM;
    }

    /** One whose threads, which open its sockets, come from there. */
    static PathTracer system(ThreadFactory threads) {
        Route route = NativeNet.missing().isEmpty()
                ? new NativeRoute(threads, HopProbe::tcp)
                : new TracerouteProgram(TracerouteProgram.installed());
        return new PathTracer(threads, route, MINUTE);
    }

    /**
     * Watches a connection attempt, from its beginning: where it is not {@linkplain Watch#close closed} in the time after which silence
     * is suspicious, a trace begins.
     *
     * @param patience how long the attempt may last
     */
    public Watch watch(InetSocketAddress to, Duration patience) {
        Duration third = patience.dividedBy(3);
        return new Watch(to, third.compareTo(QUIET) < 0 ? third : QUIET);
    }

    /** One connection attempt. Safe for many threads. */
    public final class Watch implements AutoCloseable {
        private final InetSocketAddress to;
        private final Thread timer;

        private Watch(InetSocketAddress to, Duration quiet) {
            this.to = to;
            this.timer = threads.newThread(() -> {
                try {
                    Thread.sleep(quiet);
                    begin(to);
                } catch (InterruptedException _) {
                    // connected, or failed already
                }
            });
            timer.start();
        }

        /**
         * The path, after the attempt failed: begins a trace where none was, and waits for its end at most so long. What was found out
         * within the last minute is taken as it is.
         *
         * @return nothing where there is no path to trace, such as to this machine itself, or no trace could be made
         */
        public Optional<Path> path(Duration atMost) throws InterruptedException {
            Optional<Tracing> tracing = begin(to);
            if (tracing.isEmpty()) {
                return Optional.empty();
            }
            tracing.get().await(atMost);
            return Optional.of(tracing.get().path()).filter(Path::known);
        }

        /** The attempt is over; a trace that has begun goes on. */
        @Override
        public void close() {
            timer.interrupt();
        }
    }

    /** The tracing of the last minute; a new one otherwise. */
    private Optional<Tracing> begin(InetSocketAddress to) {
        // asks the system, and so outside of the lock
        boolean hasPath = hasPath(to.getAddress());
        Tracing tracing;
        synchronized (tracings) {
            tracings.values().removeIf(old -> old.age().compareTo(pause) >= 0);
            Tracing before = tracings.get(to.getAddress());
            if (before != null || !hasPath || !places.tryAcquire()) {
                return Optional.ofNullable(before);
            }
            tracing = new Tracing(to);
            tracings.put(to.getAddress(), tracing);
        }
        threads.newThread(() -> trace(tracing)).start();
        return Optional.of(tracing);
    }

    private void trace(Tracing tracing) {
        try {
            route.find(tracing, LONGEST);
        } catch (InterruptedException _) {
            // nobody does that; what is known stays
        } finally {
            tracing.end();
            places.release();
        }
    }

    /** Whether packets leave this machine on the way there. */
    private static boolean hasPath(InetAddress to) {
        try {
            return !to.isLoopbackAddress()
                    && !to.isAnyLocalAddress()
                    && !to.isMulticastAddress()
                    && NetworkInterface.getByInetAddress(to) == null;
        } catch (IOException _) {
            return false;
        }
    }
}
