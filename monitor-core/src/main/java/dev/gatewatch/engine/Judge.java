package dev.gatewatch.engine;

import dev.gatewatch.probe.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * One stage of judging: takes part in the evaluator's one transaction a batch. Its durable state is in the store, its working state in
 * memory; both advance together or not at all.
 *
 * <p>All methods are called on the evaluator's thread, in this order: {@link #restore} once, {@link #remember} for each result of the
 * past, then {@link #advance} and {@link #committed} in turns. When a transaction fails, the evaluator starts over with
 * {@link #restore}. A reload makes new judges, which restore themselves from what the old ones stored. A judge does no I/O but on the
 * handle, and its judgement depends on nothing but its state, the results and {@code now}, so that history can be replayed.
 */
public interface Judge {
    /** Drops the working state and reads the durable one. */
    void restore(Handle tx, Plan plan, Instant now);

    /**
     * How far back {@link #remember} should begin: before the start of the first result that waits to be judged, or before now where none
     * does. Asked after {@link #restore}.
     */
    default Duration memory() {
        return Duration.ZERO;
    }

    /** Takes a result that was judged before into the working state (windows), without judging it again. In journal order. */
    default void remember(Result result) {}

    /**
     * Judges the next results, in journal order. Also called about once a second without results while none wait, so that time can
     * pass; with results, time has passed only up to the last of them.
     *
     * @param now the wall clock's time of this batch
     */
    void advance(Handle tx, List<Result> results, Instant now);

    /** The transaction holds: what was decided may be shown and acted upon. Must be quick and not throw. */
    default void committed() {}
}
