package dev.gatewatch.engine;

import dev.gatewatch.probe.Series;

/** Asks for runs beside the schedule, so that a failure is confirmed or refuted quickly. Safe for many threads; returns at once. */
@FunctionalInterface
public interface Reruns {
    /** Runs nothing: for replays and tests. */
    Reruns NONE = _ -> {};

    /** The series runs once more in about a second, unless a run of it goes on then. Its result is journalled like any other. */
    void soon(Series series);
}
