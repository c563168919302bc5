package dev.gatewatch.engine;

import java.time.Duration;
import java.util.Optional;

/** A scheduled task with its grid, and what tells a late call from a step of the wall clock. Safe for many threads. */
final class GridTask {
    final String key;
    final long interval;
    final long offset;
    final Scheduler.Task task;

    // guarded by this; never held over a call
    private long dueMonotonic;

    GridTask(String key, long interval, long offset, Scheduler.Task task) {
        this.key = key;
        this.interval = interval;
        this.offset = offset;
        this.task = task;
    }

    /**
     * Says when the task will fire next.
     *
     * @param at by the wall clock
     */
    synchronized void expect(long at, long wall, long monotonic) {
        dueMonotonic = monotonic + at - wall;
    }

    /**
     * The task fires: how late it is, or nothing where the monotonic clock says that it only looks due because the wall clock was set
     * forward. Then expects the next instant on the grid.
     *
     * @param instant of the wall clock for which it fires
     */
    synchronized Optional<Duration> fired(long instant, long wall, long monotonic) {
        long lateByWall = wall - instant;
        long late = monotonic - dueMonotonic;
        expect(Grid.next(Math.max(wall, instant), interval, offset), wall, monotonic);
        return lateByWall - late >= ClockWatch.STEP ? Optional.empty() : Optional.of(Duration.ofMillis(Math.max(0, late)));
    }
}
