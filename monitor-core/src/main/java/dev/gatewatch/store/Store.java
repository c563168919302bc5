package dev.gatewatch.store;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/**
 * The daemon's durable memory. Safe for many threads; writing transactions are made one after the other.
 *
 * <p>A module that keeps tables of its own ships their migrations as {@code db/migration/V<n>__<what>.sql} on the class path: 1–99
 * belong to monitor-core, 100–199 to alerting. Statements are the common language of SQLite and PostgreSQL; where there is none, a
 * migration writes <code>${id}</code> for a growing primary key and <code>${bytes}</code> for the type of binary columns.
 */
public interface Store extends AutoCloseable {
    /** Work within a transaction. */
    @FunctionalInterface
    interface Work<T extends @org.jspecify.annotations.Nullable Object> {
        T in(Handle handle);
    }

    /**
     * Runs {@code work} in one writing transaction: all of it is durable when this returns, or none after an exception.
     *
     * @throws StoreException with a message in a person's words (disk full, file not writable …)
     */
    <T extends @org.jspecify.annotations.Nullable Object> T write(Work<T> work);

    /** Runs reading {@code work} on one consistent picture; does not wait for writers. */
    <T extends @org.jspecify.annotations.Nullable Object> T read(Work<T> work);

    Journal journal();

    /**
     * Deletes a little of what is judged and past its time, and gives room back. To be called now and then, and again soon when there
     * is more to do.
     *
     * @return whether there is more to do
     */
    default boolean tidy(Instant now) {
        return false;
    }

    @Override
    void close();
}
