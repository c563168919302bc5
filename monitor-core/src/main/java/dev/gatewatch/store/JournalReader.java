package dev.gatewatch.store;

import dev.gatewatch.probe.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Reads the journal of a store that a daemon may be using at the same time: on one consistent picture, without its lock, and without
 * writing anything. Safe for many threads.
 */
public final class JournalReader implements AutoCloseable {
    private final Path file;
    private final Jdbi jdbi;
    private final Journal journal;

    private JournalReader(Path file, Jdbi jdbi) {
        this.file = file;
        this.jdbi = jdbi;
        this.journal = new SqlJournal(new Reading());
    }

    /**
     * Opens it.
     *
     * @param baseDir where a relative path starts
     * @throws StoreException in a person's words, where there is no such store or it cannot be read
     */
    public static JournalReader open(StoreSettings settings, Path baseDir) {
        Path file = baseDir.resolve(settings.path()).toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new StoreException("there is no store " + file + "; a daemon with this configuration has not run here");
        }
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(10_000);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        var reader = new JournalReader(file, Jdbi.create(source));
        reader.count(Instant.EPOCH);
        return reader;
    }

    /** Where it is. */
    public Path file() {
        return file;
    }

    /** About how many results started since then: those of the blocks that reach that far. */
    public long count(Instant since) {
        return explained(() -> jdbi.withHandle(handle -> handle.createQuery(
                        "select coalesce((select max(seq) from journal) - (select min(first_seq) from journal_block where latest >= :since) + 1, 0)")
                .bind("since", since.toEpochMilli())
                .mapTo(Long.class)
                .one()));
    }

    /** Streams all results started since then, in the order in which they came. */
    public void replay(Instant since, Consumer<Result> consumer) {
        explained(() -> jdbi.inTransaction(handle -> {
            journal.replay(handle, since, Long.MAX_VALUE, consumer);
            return true;
        }));
    }

    private <T> T explained(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            if (StoreErrors.isStores(e)) {
                throw StoreErrors.explain(file, e);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        // each question has a connection of its own
    }

    /** What the journal needs of a store to be read. */
    private final class Reading implements Store {
        @Override
        public <T extends @Nullable Object> T write(Work<T> work) {
            throw new UnsupportedOperationException("this store is only read");
        }

        @Override
        public <T extends @Nullable Object> T read(Work<T> work) {
            return jdbi.inTransaction(work::in);
        }

        @Override
        public Journal journal() {
            return journal;
        }

        @Override
        public void close() {}
    }
}
