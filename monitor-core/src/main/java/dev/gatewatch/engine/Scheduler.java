package dev.gatewatch.engine;

import java.time.Duration;

/**
 * Calls tasks on fixed grids. The seam between the engine and Quartz; the test kit has one with a virtual clock.
 *
 * <p>A task only hands over and returns at once. Safe for many threads.
 */
public interface Scheduler extends AutoCloseable {
    /**
     * Calls {@code task} at every instant {@code t} with {@code t mod interval == offset} (of the wall clock's epoch), from now on,
     * replacing what ran under this key. After a stall or a step of the clock a task is called at most once for what was missed.
     *
     * @param key unique among the scheduler's tasks
     * @param offset less than the interval
     */
    void schedule(String key, Duration interval, Duration offset, Task task);

    /** Stops calling the task of this key, if there is one. */
    void cancel(String key);

    /** Starts calling. Tasks may be scheduled before and after. */
    void start();

    /** Stops calling; no task is called after this returns. */
    @Override
    void close();

    /** What is called. */
    @FunctionalInterface
    interface Task {
        /**
         * @param lateness how long after its instant on the grid the call came
         */
        void fire(Duration lateness);
    }
}
