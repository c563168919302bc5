package dev.gatewatch.probes.trace;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A trace under way or ended: hops as they become known. Safe for many threads. */
final class Tracing {
    /** Beyond the farthest of today's paths, as traceroute has it. */
    static final int MOST_HOPS = 30;

    private final InetSocketAddress to;
    private final long started = System.nanoTime();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final SortedMap<Integer, Hop> hops = new TreeMap<>(); // under this

    Tracing(InetSocketAddress to) {
        this.to = to;
    }

    InetSocketAddress to() {
        return to;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    synchronized void add(Hop hop) {
        hops.put(hop.number(), hop);
    }

    void end() {
        ended.countDown();
    }

    boolean over() {
        return ended.getCount() == 0;
    }

    /** Waits for the end, for so long. */
    void await(Duration atMost) throws InterruptedException {
        boolean _ = ended.await(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
    }

    /** The number of the farthest hop that answered, 0 for none. */
    synchronized int farthest() {
        return hops.values().stream()
                .filter(hop -> hop.answer() != Hop.Answer.SILENT)
                .mapToInt(Hop::number)
                .max()
                .orElse(0);
    }

    /** The first hop after which there is no more, or the most that are asked for. */
    synchronized int bound() {
        return hops.values().stream().filter(Hop::last).mapToInt(Hop::number).min().orElse(MOST_HOPS);
    }

    /** How many of the hops up to this one have been heard of or given up. */
    synchronized int settled(int upTo) {
        return hops.headMap(upTo + 1).size();
    }

    /** What is known: hops that nobody has answered for yet count as silent between others and are left out at the end. */
    synchronized Path path() {
        int last = hops.isEmpty() ? 0 : Math.min(hops.lastKey(), bound());
        List<Hop> known = new ArrayList<>();
        for (int i = 1; i <= last; i++) {
            known.add(hops.getOrDefault(i, Hop.silent(i)));
        }
        return new Path(to.getAddress(), known, over(), age());
    }
}
