package dev.gatewatch.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteDataSource;

/**
 * A store in one SQLite file, in WAL mode: one connection writes, others read on pictures of their own and never wait for it. With
 * {@code synchronous=FULL} a transaction survives a power cut when {@link #write} returns. Safe for many threads.
 */
public final class SqliteStore implements Store {
    private static final int READERS = 3;
    private static final int BUSY_MS = 10_000;
    private static final Duration TIDY_ORIGINS_EVERY = Duration.ofDays(1);

    private final Path file;
    private final StoreLock lock;
    private final HikariDataSource writerPool;
    private final HikariDataSource readerPool;
    private final Jdbi writer;
    private final Jdbi readers;
    private final Retention retention;
    private final SqlJournal journal = new SqlJournal(this);
    private final CarrierRelief writeRelief = new CarrierRelief("store-write", 1);
    private final CarrierRelief readRelief = new CarrierRelief("store-read", READERS);

    /** Held by the one thread that writes; fair, so that the evaluator waits for no more than those before it. */
    private final ReentrantLock writing = new ReentrantLock(true);

    private volatile Instant originsTidied = Instant.EPOCH;

    // guarded by writing
    private boolean closed;

    private SqliteStore(Path file, StoreLock lock, StoreSettings settings) {
        this.file = file;
        this.lock = lock;
        this.retention = new Retention(settings);
        this.writerPool = pool("store-writer", source(file, SQLiteConfig.TransactionMode.IMMEDIATE), 1, false);
        this.readerPool = pool("store-readers", source(file, SQLiteConfig.TransactionMode.DEFERRED), READERS, true);
        this.writer = Jdbi.create(writerPool);
        this.readers = Jdbi.create(readerPool);
    }

    /**
     * Opens the store, making file, folders and tables where they are missing.
     *
     * @param baseDir where a relative path starts
     * @throws StoreException with a message in a person's words: no permission, not a store, in use by another daemon, disk full …
     */
    public static SqliteStore open(StoreSettings settings, Path baseDir) {
        Path file = baseDir.resolve(settings.path()).toAbsolutePath().normalize();
        StoreLock lock = lock(file);
        try {
            prepare(file);
            Schema.migrate(source(file, SQLiteConfig.TransactionMode.IMMEDIATE), file);
            return new SqliteStore(file, lock, settings);
        } catch (RuntimeException e) {
            StoreException told = StoreErrors.explain(file, e);
            release(lock, told);
            throw told;
        }
    }

    @Override
    public <T extends @Nullable Object> T write(Work<T> work) {
        return writeRelief.call(() -> {
            if (writing.isHeldByCurrentThread()) {
                throw new IllegalStateException("a writing transaction within another");
            }
            writing.lock();
            try {
                return explained(() -> writer.inTransaction(work::in));
            } finally {
                writing.unlock();
            }
        });
    }

    @Override
    public <T extends @Nullable Object> T read(Work<T> work) {
        return readRelief.call(() -> explained(() -> readers.inTransaction(work::in)));
    }

    @Override
    public Journal journal() {
        return journal;
    }

    @Override
    public boolean tidy(Instant now) {
        if (now.isAfter(originsTidied.plus(TIDY_ORIGINS_EVERY))) {
            originsTidied = now;
            tidyOrigins();
        }
        boolean deleted = write(tx -> retention.deleteOne(tx, now));
        boolean more = write(retention::shrink);
        return deleted || more;
    }

    /** Deletes what only removed probes needed. Rarely called, since it looks at every probe. */
    void tidyOrigins() {
        journal.forgetUnusedOrigins();
    }

    /** Where the store is. */
    public Path file() {
        return file;
    }

    @Override
    public void close() {
        writing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            readRelief.close();
            writeRelief.close();
            readerPool.close();
            writerPool.close();
            lock.close();
        } catch (IOException e) {
            throw StoreErrors.explain(file, e);
        } finally {
            writing.unlock();
        }
    }

    private <T extends @Nullable Object> T explained(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            // what the work itself throws is its caller's business
            if (writerPool.isClosed()) {
                throw new StoreException("the store " + file + " is closed", e);
            }
            if (StoreErrors.isStores(e)) {
                throw StoreErrors.explain(file, e);
            }
            throw e;
        }
    }

    private static StoreLock lock(Path file) {
        Path folder = file.getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw new StoreException("the store " + file + " is a folder; store.url has to name a file");
        }
        try {
            Files.createDirectories(folder);
            return StoreLock.take(file);
        } catch (AccessDeniedException e) {
            throw new StoreException("no permission to write to the folder " + folder
                    + " where the store shall be; give this user the right, or name another place in store.url", e);
        } catch (FileAlreadyExistsException e) {
            throw new StoreException("the folder " + folder + " of the store cannot be made: a file has its name", e);
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            throw new StoreException(
                    why.contains("No space left")
                            ? "the disk is full: nothing can be written to the folder " + folder
                                    + " of the store; free some space on its file system"
                            : "the folder " + folder + " of the store cannot be used: " + why,
                    e);
        }
    }

    /** Sets what SQLite keeps in the file itself. A full disk or a file that is no database shows here. */
    private static void prepare(Path file) {
        try (Connection connection = source(file, SQLiteConfig.TransactionMode.IMMEDIATE).getConnection();
                Statement statement = connection.createStatement()) {
            // has an effect on a new file only
            statement.execute("pragma auto_vacuum = incremental");
            statement.execute("pragma journal_mode = wal");
        } catch (SQLException e) {
            throw StoreErrors.explain(file, e);
        }
    }

    private static DataSource source(Path file, SQLiteConfig.TransactionMode mode) {
        var config = new SQLiteConfig();
        config.setTransactionMode(mode);
        config.setBusyTimeout(BUSY_MS);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setJournalSizeLimit(64 << 20);
        config.setCacheSize(-4_096); // negative: kB
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setPragma(Pragma.FOREIGN_KEYS, "on");
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    private static HikariDataSource pool(String name, DataSource source, int size, boolean readOnly) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        if (readOnly) {
            config.setConnectionInitSql("pragma query_only = 1");
        }
        config.setMaxLifetime(0); // a connection to a file does not age
        config.setConnectionTimeout(30_000);
        return new HikariDataSource(config);
    }

    private static void release(StoreLock lock, StoreException told) {
        try {
            lock.close();
        } catch (IOException e) {
            told.addSuppressed(e);
        }
    }
}
