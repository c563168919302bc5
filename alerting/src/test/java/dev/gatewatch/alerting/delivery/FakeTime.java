package dev.gatewatch.alerting.delivery;

import dev.gatewatch.kit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only when a test says so. Safe for many threads. */
final class FakeTime implements TimeSource {
    private final FakeClock clock = new FakeClock();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // it may overflow in use, so it does here

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    void pass(Duration span) {
        clock.advance(span);
        nanos.addAndGet(span.toNanos());
    }

    /** Somebody sets the wall clock. */
    void stepWallClock(Duration by) {
        clock.advance(by);
    }
}
