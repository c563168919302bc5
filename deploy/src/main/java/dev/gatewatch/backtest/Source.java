package dev.gatewatch.backtest;

import java.io.IOException;

/** Where history comes from. Confined to the thread that reads it. */
public interface Source extends AutoCloseable {
    /** What people call it. */
    String name();

    /** Whether runs may say that our own network was down: such a run speaks of all series, so all are judged together. */
    default boolean tellsOfOwnNetwork() {
        return false;
    }

    /**
     * Hands all of it over, each series in about the order of time.
     *
     * @throws Unusable where it cannot be read as history
     * @throws IOException where it cannot be read at all
     */
    void read(Intake intake) throws IOException;

    /** The share that has been read, 0 to 1; NaN where nobody can know. */
    double done();

    @Override
    void close() throws IOException;
}
