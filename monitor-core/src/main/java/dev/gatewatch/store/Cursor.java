package dev.gatewatch.store;

import org.jdbi.v3.core.Handle;

/** Up to where the journal was judged; moves in the transaction that judges. */
public final class Cursor {
    private Cursor() {}

    /** The {@code seq} of the last judged result; 0 when none was. */
    public static long read(Handle handle) {
        return handle.createQuery("select seq from cursor where name = 'evaluator'")
                .mapTo(Long.class)
                .one();
    }

    public static void move(Handle tx, long seq) {
        tx.createUpdate("update cursor set seq = :seq where name = 'evaluator'")
                .bind("seq", seq)
                .execute();
    }
}
