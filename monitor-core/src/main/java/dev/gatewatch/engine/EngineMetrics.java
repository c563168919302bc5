package dev.gatewatch.engine;

import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Duration;

/**
 * What the engine tells of its work as it happens, for whoever counts. Called from many threads, among them the runs' own:
 * implementations are quick, do not block and do not throw.
 */
public interface EngineMetrics {
    /** Counts nothing. */
    EngineMetrics NONE = new EngineMetrics() {
        @Override
        public void ran(Result result, Duration lateness) {}

        @Override
        public void skipped(Series series) {}

        @Override
        public void dropped(long results) {}
    };

    /**
     * A run has ended.
     *
     * @param lateness from its instant on the grid to its real start, waiting for a permit included
     */
    void ran(Result result, Duration lateness);

    /** A run was due while the one before was still going; it was left out. */
    void skipped(Series series);

    /** So many results were lost because the store did not take them for too long. */
    void dropped(long results);
}
