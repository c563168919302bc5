package dev.gatewatch.store;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Lets old results go: those past their time, and the oldest ones of a store that has grown too large. Works block by block, so that
 * each transaction stays short; never deletes what is not judged yet. Stateless.
 */
final class Retention {
    /** How many pages one call gives back to the file system: 16 MB of the usual 4 kB ones. */
    private static final int PAGES_AT_ONCE = 4_096;

    private final StoreSettings settings;

    Retention(StoreSettings settings) {
        this.settings = settings;
    }

    /** A block that may go: rows from {@code first} to before {@code next}. */
    private record Block(long first, long next, long latest) {}

    /** Deletes at most one block; whether it did. */
    boolean deleteOne(Handle tx, Instant now) {
        Optional<Block> oldest = oldest(tx);
        if (oldest.isEmpty()) {
            return false;
        }
        Block block = oldest.get();
        boolean judged = block.next - 1 <= Cursor.read(tx);
        boolean old = block.latest < now.minus(settings.retention()).toEpochMilli();
        if (!judged || !(old || used(tx) > settings.maxSize())) {
            return false;
        }
        tx.execute("delete from journal where seq < ?", block.next);
        tx.execute("delete from journal_block where first_seq = ?", block.first);
        return true;
    }

    /** Gives free pages back to the file system when there are many, some at once; whether there are more to give. */
    boolean shrink(Handle tx) {
        long free = pragma(tx, "freelist_count");
        long pages = pragma(tx, "page_count");
        boolean tooLarge = pages * pragma(tx, "page_size") > settings.maxSize();
        // free pages are taken by the next rows, so a few may stay; many are left behind when limits were lowered
        if (free == 0 || !(tooLarge || free > Math.max(pages / 4, 4 * PAGES_AT_ONCE))) {
            return false;
        }
        // it frees one page a step: only a plain statement's update is stepped to its end
        try (Statement statement = tx.getConnection().createStatement()) {
            statement.executeUpdate("pragma incremental_vacuum(" + PAGES_AT_ONCE + ")");
        } catch (SQLException e) {
            throw new IllegalStateException("incremental_vacuum failed", e);
        }
        return free > PAGES_AT_ONCE;
    }

    /** The oldest block that is followed by another: the last one still grows. */
    private static Optional<Block> oldest(Handle handle) {
        var blocks = handle.createQuery("select first_seq, latest from journal_block order by first_seq limit 2")
                .map((row, _) -> new Block(row.getLong(1), 0, row.getLong(2)))
                .list();
        return blocks.size() < 2
                ? Optional.empty()
                : Optional.of(new Block(
                        blocks.getFirst().first,
                        blocks.getLast().first,
                        blocks.getFirst().latest));
    }

    private static long used(Handle handle) {
        return (pragma(handle, "page_count") - pragma(handle, "freelist_count")) * pragma(handle, "page_size");
    }

    private static long pragma(Handle handle, String name) {
        return handle.createQuery("pragma " + name).mapTo(Long.class).one();
    }
}
