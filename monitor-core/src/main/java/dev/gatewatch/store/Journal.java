package dev.gatewatch.store;

import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** All results, in the order they came in. Safe for many threads. */
public interface Journal {
    /** A journalled result; {@code seq} grows with each, gaps are allowed. */
    record Entry(long seq, Result result) {}

    /**
     * Which results to list, newest first.
     *
     * @param probe a probe's name, or empty for all
     * @param region a region's name; {@code null} for all, empty for probes without regions
     * @param since results started at or after this
     * @param limit 1 to 10,000
     */
    record Query(String probe, @org.jspecify.annotations.Nullable String region, Instant since, int limit) {}

    /** Appends in one transaction; durable when it returns. */
    void append(List<Result> results);

    /** The next results after a cursor, oldest first. */
    List<Entry> after(Handle handle, long cursor, int limit);

    /** Streams results started at or after {@code since} with a {@code seq} of at most {@code upTo}, oldest first. */
    void replay(Handle handle, Instant since, long upTo, Consumer<Result> consumer);

    /** The newest results of a series with a {@code seq} of at most {@code upTo}, oldest first. */
    List<Entry> latest(Handle handle, Series series, long upTo, int limit);

    List<Result> query(Query query);

    /** Takes what comparisons need of a run. */
    @FunctionalInterface
    interface Samples {
        /** @param startedAt Unix time in milliseconds */
        void take(long startedAt, long micros, Outcome outcome);
    }

    /**
     * The newest runs of a series that started from {@code since} to before {@code until}, in the order of their start and without what they
     * report, which makes it some ten times quicker than {@link #query}.
     *
     * @param limit how many at most
     */
    void samples(Handle handle, Series series, Instant since, Instant until, int limit, Samples consumer);
}
