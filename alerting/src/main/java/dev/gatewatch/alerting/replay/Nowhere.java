package dev.gatewatch.alerting.replay;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Stands for the transaction of judges that keep nothing: an empty database in memory, so that whoever asks it for a table after all
 * fails loudly. Judges that keep nothing may share one, also among threads, since none of them touches it.
 */
public final class Nowhere implements AutoCloseable {
    private final Handle handle = Jdbi.create("jdbc:sqlite::memory:").open();

    /** The handle. */
    public Handle handle() {
        return handle;
    }

    @Override
    public void close() {
        handle.close();
    }
}
