package dev.gatewatch.probe;

/**
 * A configured thing to watch. It only probes: schedule, deadline, counting and judging over several runs belong to the engine.
 *
 * <p>Implementations are immutable, keep nothing from one run to the next but in its {@link Run#memory()}, and are safe for many threads. {@link #close} is called
 * after the last run.
 */
public interface Probe extends AutoCloseable {
    /** What is probed, for people and labels; without secrets. */
    String target();

    /**
     * Probes once, on a virtual thread, and answers by the run's deadline. What is wrong with the target is said in the report, never
     * thrown; an exception means that the probe itself is at fault and becomes {@link Outcome#BROKEN}. Must end soon after an
     * interrupt.
     */
    Report run(Run run) throws Exception;

    @Override
    default void close() {}
}
