package dev.gatewatch.alerting.alert;

import dev.gatewatch.store.Store;
import dev.gatewatch.view.Handling.Acknowledgement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Who takes care of which alert: kept in the store, and at hand in memory. Safe for many threads. */
public final class Acknowledgements {
    private static final int LONGEST = 1_000;

    private final Store store;

    /** Replaced as a whole, in the same transaction as the table changes. */
    private volatile Map<String, Acknowledgement> known;

    public Acknowledgements(Store store) {
        this.store = store;
        this.known = store.read(handle -> {
            var all = new LinkedHashMap<String, Acknowledgement>();
            handle.createQuery("SELECT alert_id, made_by, made_at, comment FROM acknowledgement")
                    .map((row, _) -> all.put(
                            row.getString("alert_id"),
                            new Acknowledgement(
                                    row.getString("made_by"),
                                    Instant.ofEpochMilli(row.getLong("made_at")),
                                    row.getString("comment"))))
                    .list();
            return Map.copyOf(all);
        });
    }

    /** By alert id; the same map for as long as nothing changes. */
    public Map<String, Acknowledgement> all() {
        return known;
    }

    /**
     * Somebody takes care of an alert, in place of whoever did before.
     *
     * @throws IllegalArgumentException in a person's words, when a text is too long
     */
    public Acknowledgement put(String alert, String by, String comment, Instant now) {
        if (by.length() > LONGEST || comment.length() > LONGEST) {
            throw new IllegalArgumentException("names and comments have at most " + LONGEST + " characters");
        }
        var made = new Acknowledgement(by, now, comment);
        return store.write(tx -> {
            tx.createUpdate("DELETE FROM acknowledgement WHERE alert_id = :alert").bind("alert", alert).execute();
            tx.createUpdate("INSERT INTO acknowledgement (alert_id, made_by, made_at, comment) VALUES (:alert, :by, :at, :comment)")
                    .bind("alert", alert)
                    .bind("by", by)
                    .bind("at", now.toEpochMilli())
                    .bind("comment", comment)
                    .execute();
            // acknowledgements of alerts that ended long ago are of no use
            tx.createUpdate("DELETE FROM acknowledgement WHERE alert_id <> :alert AND alert_id NOT IN (SELECT id FROM alert)")
                    .bind("alert", alert)
                    .execute();
            var all = new LinkedHashMap<>(known);
            all.put(alert, made);
            known = Map.copyOf(all);
            return made;
        });
    }

    /** Takes one back. */
    public Optional<Acknowledgement> remove(String alert) {
        Acknowledgement before = known.get(alert);
        if (before == null) {
            return Optional.empty();
        }
        store.write(tx -> {
            int rows = tx.createUpdate("DELETE FROM acknowledgement WHERE alert_id = :alert").bind("alert", alert).execute();
            var all = new LinkedHashMap<>(known);
            all.remove(alert);
            known = Map.copyOf(all);
            return rows;
        });
        return Optional.of(before);
    }
}
