package dev.gatewatch.alerting.delivery;

import java.time.Instant;

/** What time it is, twice: as the world says, and as it passes. Safe for many threads. */
interface TimeSource {
    /** The wall clock's time; may step. */
    Instant now();

    /** A count of nanoseconds that only grows; its zero means nothing. */
    long nanos();

    /** The machine's own. */
    static TimeSource system() {
        return new TimeSource() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
