package dev.gatewatch.probes.trace;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Asks hop after hop by itself, several at once. Safe for many threads. */
final class NativeRoute implements Route {
    /** So many hops beyond the farthest that answered are asked at once; where all of them are silent the trace ends. */
    private static final int AHEAD = 8;

    /** Routers answer within the round trip; longer than one second to a router is as good as not. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Routers answer only so many at a time, and the nearest hops are of the most use. */
    private static final Duration STEP = Duration.ofMillis(5);

    private final ThreadFactory threads;
    private final Asking asking;

    /** One question: who is at this hop. */
    @FunctionalInterface
    interface Asking {
        Hop ask(InetSocketAddress to, int number, Duration atMost) throws IOException;
    }

    NativeRoute(ThreadFactory threads, Asking asking) {
        this.threads = threads;
        this.asking = asking;
    }

    @Override
    public void find(Tracing tracing, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        var asked = new ArrayList<Thread>();
        var news = new Semaphore(0);
        try {
            while (true) {
                while (asked.size() < Math.min(tracing.bound(), tracing.farthest() + AHEAD)) {
                    asked.add(ask(tracing, asked.size() + 1, news, left(end)));
                    Thread.sleep(STEP);
                }
                int wanted = Math.min(asked.size(), tracing.bound());
                if (tracing.settled(wanted) >= wanted || !news.tryAcquire(left(end).toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } finally {
            stop(asked);
        }
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private Thread ask(Tracing tracing, int number, Semaphore news, Duration left) {
        Duration patience = left.compareTo(PATIENCE) < 0 ? left : PATIENCE;
        Thread thread = threads.newThread(() -> {
            try {
                tracing.add(asking.ask(tracing.to(), number, patience));
            } catch (IOException _) {
                // interrupted, since the hop is of no more interest, or there is no room for another socket
                tracing.add(Hop.silent(number));
            } finally {
                news.release();
            }
        });
        thread.start();
        return thread;
    }

    private static void stop(List<Thread> asked) {
        asked.forEach(Thread::interrupt);
    }
}
