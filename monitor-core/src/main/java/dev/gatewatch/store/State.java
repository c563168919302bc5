package dev.gatewatch.store;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jdbi.v3.core.Handle;

/** What a judge remembers by key, where tables of its own would be too much. */
public final class State {
    private State() {}

    public static void put(Handle tx, String namespace, String key, byte[] value) {
        tx.createUpdate("""
                        insert into state (namespace, key, value) values (:namespace, :key, :value)
                        on conflict (namespace, key) do update set value = excluded.value""")
                .bind("namespace", namespace)
                .bind("key", key)
                .bind("value", value)
                .execute();
    }

    public static void delete(Handle tx, String namespace, String key) {
        tx.createUpdate("delete from state where namespace = :namespace and key = :key")
                .bind("namespace", namespace)
                .bind("key", key)
                .execute();
    }

    /** All keys of a namespace with their values, in the order of the keys. */
    public static SequencedMap<String, byte[]> all(Handle handle, String namespace) {
        return handle.createQuery("select key, value from state where namespace = :namespace order by key")
                .bind("namespace", namespace)
                .reduceResultSet(new LinkedHashMap<String, byte[]>(), (all, row, _) -> {
                    all.put(row.getString(1), row.getBytes(2));
                    return all;
                });
    }
}
