package dev.gatewatch.kit;

import dev.gatewatch.engine.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler with a virtual clock: tasks are called on the test's thread, in the order of their instants, while the test advances
 * time. Safe for many threads; tasks may schedule and cancel.
 */
public final class FakeScheduler implements Scheduler {
    private final FakeClock clock;
    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private boolean started;
    private boolean closed;

    public FakeScheduler(FakeClock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void schedule(String key, Duration interval, Duration offset, Task task) {
        if (closed) {
            throw new IllegalStateException("the scheduler is closed");
        }
        entries.put(key, new Entry(key, interval.toMillis(), offset.toMillis(), task, nextAfter(interval, offset, clock.instant())));
    }

    @Override
    public synchronized void cancel(String key) {
        entries.remove(key);
    }

    @Override
    public synchronized void start() {
        started = true;
    }

    @Override
    public synchronized void close() {
        closed = true;
        entries.clear();
    }

    /** The keys that are scheduled now. */
    public synchronized Set<String> keys() {
        return Set.copyOf(entries.keySet());
    }

    /** Moves the clock on and calls, at its instant, every task that becomes due; none is late. */
    public void advance(Duration by) {
        Instant end = clock.instant().plus(by);
        for (Entry due = takeDue(end); due != null; due = takeDue(end)) {
            due.task.fire(Duration.ZERO);
        }
        clock.set(end);
    }

    /** Moves the clock on as a stall does: nothing is called meanwhile, then each task that missed an instant is called once, late. */
    public void stall(Duration by) {
        clock.advance(by);
        Instant now = clock.instant();
        for (Entry due = takeDue(now); due != null; due = takeDue(now)) {
            due.task.fire(Duration.between(due.next, now));
        }
    }

    /** Sets the wall clock to another time, as an operator or NTP does: nothing is called, the grids go on from there. */
    public synchronized void step(Duration by) {
        clock.advance(by);
        entries.replaceAll((_, e) -> e.at(clock.instant()));
    }

    /** Takes the earliest task due by then and puts its next instant after both its own and the clock's. */
    private synchronized @Nullable Entry takeDue(Instant end) {
        if (!started) {
            return null;
        }
        Entry first = null;
        for (Entry entry : entries.values()) {
            if (!entry.next.isAfter(end) && (first == null || entry.next.isBefore(first.next))) {
                first = entry;
            }
        }
        if (first != null) {
            if (first.next.isAfter(clock.instant())) {
                clock.set(first.next);
            }
            entries.put(first.key, first.at(clock.instant()));
        }
        return first;
    }

    private static Instant nextAfter(Duration interval, Duration offset, Instant now) {
        long i = interval.toMillis();
        long sinceInstant = Math.floorMod(now.toEpochMilli() - offset.toMillis(), i);
        return Instant.ofEpochMilli(now.toEpochMilli() - sinceInstant + i);
    }

    private record Entry(String key, long interval, long offset, Task task, Instant next) {
        Entry at(Instant now) {
            return new Entry(
                    key, interval, offset, task, nextAfter(Duration.ofMillis(interval), Duration.ofMillis(offset), now));
        }
    }
}
