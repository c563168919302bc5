package dev.gatewatch.alerting.delivery;

import dev.gatewatch.store.Journal;
import dev.gatewatch.store.SqliteStore;
import dev.gatewatch.store.Store;
import dev.gatewatch.store.StoreException;
import dev.gatewatch.store.StoreSettings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A real store that can be told to fail. Safe for many threads. */
final class TestStore implements Store {
    private final Store store;
    private final AtomicInteger writesLeft = new AtomicInteger(Integer.MAX_VALUE);

    TestStore(Path folder) {
        store = SqliteStore.open(StoreSettings.defaults(), folder);
    }

    /** After {@code writes} more writing transactions every one fails, before it changes anything. */
    void failAfter(int writes) {
        writesLeft.set(writes);
    }

    void work() {
        writesLeft.set(Integer.MAX_VALUE);
    }

    @Override
    public <T extends @Nullable Object> T write(Work<T> work) {
        if (writesLeft.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            throw new StoreException("the disk is full", new SQLException("full"));
        }
        return store.write(work);
    }

    @Override
    public <T extends @Nullable Object> T read(Work<T> work) {
        return store.read(work);
    }

    @Override
    public Journal journal() {
        return store.journal();
    }

    @Override
    public void close() {
        store.close();
    }
}
