package dev.gatewatch.alerting.slo;

import dev.gatewatch.alerting.slo.Counted.Measure;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Counts in the store: a row a bucket, buckets of one time beside each other, so that a batch touches few pages. */
final class SloTable {
    private SloTable() {}

    /** One bucket as it is stored. */
    record Row(int measure, Tier.Length length, long bucket, int good, int bad) {}

    /** Takes a row in. */
    interface Reader {
        void take(Row row);
    }

    static Map<Measure, Integer> measures(Handle tx) {
        var measures = new HashMap<Measure, Integer>();
        tx.createQuery("SELECT id, probe, region, location, slower_ms FROM slo_series")
                .map((row, _) -> measures.put(
                        new Measure(
                                new Series(row.getString("probe"), row.getString("region"), row.getString("location")),
                                row.getLong("slower_ms")),
                        row.getInt("id")))
                .list();
        return measures;
    }

    static void add(Handle tx, int id, Measure measure) {
        tx.execute(
                "INSERT INTO slo_series (id, probe, region, location, slower_ms) VALUES (?, ?, ?, ?, ?)",
                id,
                measure.series().probe(),
                measure.series().region(),
                measure.series().location(),
                measure.slowerMillis());
    }

    static void read(Handle tx, Reader reader) {
        Tier.Length[] lengths = Tier.Length.values();
        tx.createQuery("SELECT series_id, length, bucket, good, bad FROM slo_count ORDER BY bucket")
                .map((row, _) -> new Row(
                        row.getInt("series_id"), lengths[row.getInt("length")], row.getLong("bucket"), row.getInt("good"), row.getInt("bad")))
                .forEach(reader::take);
    }

    static void write(Handle tx, Collection<Row> rows) {
        try (var batch = tx.prepareBatch("INSERT INTO slo_count (length, bucket, series_id, good, bad) VALUES (?, ?, ?, ?, ?)"
                + " ON CONFLICT (length, bucket, series_id) DO UPDATE SET good = excluded.good, bad = excluded.bad")) {
            for (Row row : rows) {
                batch.add(row.length().code, row.bucket(), row.measure(), row.good(), row.bad());
            }
            batch.execute();
        }
    }

    /** Deletes what no window reaches any more. */
    static void prune(Handle tx, Instant now) {
        for (Tier.Length length : Tier.Length.values()) {
            Duration kept = length.longest.plusMillis(2 * length.millis);
            tx.execute(
                    "DELETE FROM slo_count WHERE length = ? AND bucket < ?",
                    length.code,
                    length.bucket(now.minus(kept).toEpochMilli()));
        }
    }

    /** Forgets series of which no counts are left. */
    static void forgetEmpty(Handle tx) {
        tx.execute("DELETE FROM slo_series WHERE id NOT IN (SELECT series_id FROM slo_count)");
    }
}
