package dev.gatewatch.store;

import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Puts what SQLite says into a person's words. */
final class StoreErrors {
    private StoreErrors() {}

    /** The exception for people; one that already speaks to them is kept. */
    static StoreException explain(Path file, Throwable problem) {
        for (Throwable t = problem; t != null; t = t.getCause()) {
            if (t instanceof StoreException already) {
                return already;
            }
            if (t instanceof SQLiteException sqlite) {
                return new StoreException(words(file, sqlite.getResultCode()), problem);
            }
        }
        return new StoreException("the store " + file + " failed: " + innermost(problem), problem);
    }

    /** Whether SQL or the driver failed, rather than the code that uses it. */
    static boolean isStores(Throwable problem) {
        for (Throwable t = problem; t != null; t = t.getCause()) {
            if (t instanceof SQLException || t instanceof StoreException) {
                return true;
            }
        }
        return false;
    }

    private static String words(Path file, SQLiteErrorCode code) {
        // the low byte is the primary code, the rest tells details (https://www.sqlite.org/rescode.html)
        return switch (code.code & 0xff) {
            case 13 -> "the disk is full: nothing can be written to the store " + file + "; free some space on its file system";
            case 10 ->
                "the disk failed while the store " + file + " was read or written (" + code.name()
                        + "); check the file system and its free space";
            case 8 -> "the store " + file + " cannot be written; check the permissions of the file and its folder";
            case 14 -> "the store " + file + " cannot be opened; check that its folder exists and may be written to";
            case 26 -> "the file " + file + " is not a Gatewatch store (not an SQLite database); name another file in store.url";
            case 11 ->
                "the store " + file + " is damaged; stop the daemon, move the file away and restore a backup, or start anew without it";
            case 5, 6 -> "another program keeps the store " + file + " locked; close it (sqlite3, a backup) and try again";
            case 7 -> "there was not enough memory to use the store " + file;
            default -> "the store " + file + " failed: " + code.message;
        };
    }

    private static String innermost(Throwable problem) {
        Throwable t = problem;
        while (t.getCause() != null) {
            t = t.getCause();
        }
        return t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
    }
}
