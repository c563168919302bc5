package dev.gatewatch.engine;

/**
 * Notices when the wall clock is set to another time, by comparing it with the monotonic clock. Slow corrections, as NTP makes them,
 * are not steps. Confined to one thread.
 */
final class ClockWatch {
    /** A step is at least this long, in milliseconds. */
    static final long STEP = 1_000;

    private long ahead;

    /** Begins with both clocks in milliseconds. */
    ClockWatch(long wall, long monotonic) {
        ahead = wall - monotonic;
    }

    /** By how many milliseconds the wall clock was set forward (or back, negative) since the last look; 0 when it was not. */
    long look(long wall, long monotonic) {
        long moved = wall - monotonic - ahead;
        ahead += moved;
        return Math.abs(moved) < STEP ? 0 : moved;
    }
}
