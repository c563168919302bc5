package dev.gatewatch.probe;

import java.time.Duration;

/** When a run must be over, by a monotonic clock. Immutable, safe for many threads. */
public final class Deadline {
    private final long startNanos;
    private final long endNanos;

    private Deadline(long startNanos, long endNanos) {
        this.startNanos = startNanos;
        this.endNanos = endNanos;
    }

    /** The deadline that is {@code timeout} from now. */
    public static Deadline after(Duration timeout) {
        long now = System.nanoTime();
        return new Deadline(now, now + timeout.toNanos());
    }

    /** What is left; zero when it has passed. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    /** Milliseconds left, at least 1: for calls in which 0 means "for ever". */
    public int leftMillis() {
        return Math.clamp((endNanos - System.nanoTime()) / 1_000_000, 1, Integer.MAX_VALUE);
    }

    public boolean passed() {
        return System.nanoTime() - endNanos >= 0;
    }

    /** What has gone by since the run began. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** The whole time from start to deadline. */
    public Duration timeout() {
        return Duration.ofNanos(endNanos - startNanos);
    }
}
