package dev.gatewatch.engine;

/** The arithmetic of fixed grids: instants {@code t} with {@code t mod interval == offset}. All in milliseconds of the epoch. Pure. */
final class Grid {
    private Grid() {}

    /** The first instant on the grid after {@code now}. */
    static long next(long now, long interval, long offset) {
        return now - Math.floorMod(now - offset, interval) + interval;
    }
}
