package dev.gatewatch.alerting.delivery;

import dev.gatewatch.store.Journal;
import dev.gatewatch.store.Store;
import dev.gatewatch.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The outbox's table in a SQLite file, and nothing else; can be told to fail. Safe for many threads. */
final class TestStore implements Store {
    private final ReentrantLock one = new ReentrantLock();
    private final Handle handle;
    private int failAfter = Integer.MAX_VALUE;
    private RuntimeException failure = new IllegalStateException();

    TestStore(Path file) {
        handle = Jdbi.open("jdbc:sqlite:" + file);
        boolean fresh = handle.createQuery("SELECT COUNT(*) FROM sqlite_master WHERE name = 'outbox'")
                        .mapTo(Integer.class)
                        .one()
                == 0;
        if (fresh) {
            try (var script = TestStore.class.getResourceAsStream("/db/migration/V101__outbox.sql")) {
                handle.createScript(new String(script.readAllBytes(), StandardCharsets.UTF_8)).execute();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** After {@code writes} more writing transactions every one fails; they do so before they change anything. */
    void failAfter(int writes) {
        failAfter = writes;
        failure = new StoreException("the disk is full", new SQLException("full"));
    }

    void work() {
        failAfter = Integer.MAX_VALUE;
    }

    @Override
    public <T extends @Nullable Object> T write(Work<T> work) {
        one.lock();
        try {
            if (failAfter-- <= 0) {
                failAfter = 0;
                throw failure;
            }
            return handle.inTransaction(work::in);
        } finally {
            one.unlock();
        }
    }

    @Override
    public <T extends @Nullable Object> T read(Work<T> work) {
        one.lock();
        try {
            return work.in(handle);
        } finally {
            one.unlock();
        }
    }

    @Override
    public Journal journal() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        handle.close();
    }
}
