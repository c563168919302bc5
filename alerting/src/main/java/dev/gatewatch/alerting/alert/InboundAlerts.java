package dev.gatewatch.alerting.alert;

import dev.gatewatch.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What other monitors tell of their alerts: kept in the store, and at hand in memory. Safe for many threads. */
public final class InboundAlerts {
    /** So many are known at most; a sender that has more is told so. */
    static final int MOST = 10_000;

    /** How long one that has ended is kept: long enough for the judge to see it. */
    private static final Duration KEPT = Duration.ofHours(1);

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<LinkedHashMap<String, String>> TEXTS = new TypeReference<>() {};

    private final Store store;

    /** Replaced as a whole, in the same transaction as the table changes. */
    private volatile Map<String, InboundAlert> known;

    public InboundAlerts(Store store) {
        this.store = store;
        this.known = store.read(InboundAlerts::readAll);
    }

    /** By fingerprint; the same map for as long as nothing changes. */
    public Map<String, InboundAlert> all() {
        return known;
    }

    /**
     * Takes in what an Alertmanager sends to its webhook. It is durable when this returns.
     *
     * @param body the payload, version 4
     * @return how many alerts it was about
     * @throws IllegalArgumentException in a person's words, when it is malformed or too large
     */
    public int take(byte[] body, Instant now) {
        InboundPayload payload = InboundPayload.read(body, now);
        return store.write(tx -> {
            var all = new LinkedHashMap<>(known);
            all.values().removeIf(alert -> alert.at(now).endsAt().filter(end -> end.plus(KEPT).isBefore(now)).isPresent());
            var changed = new LinkedHashMap<String, InboundAlert>();
            payload.alerts().forEach(alert -> changed.put(alert.fingerprint(), alert));
            if (payload.whole()) {
                all.values().stream()
                        .filter(alert -> alert.endsAt().isEmpty() && alert.group().equals(payload.group()))
                        .filter(alert -> !changed.containsKey(alert.fingerprint()))
                        .toList()
                        .forEach(gone -> changed.put(gone.fingerprint(), gone.ended(now, InboundAlert.NO_LONGER_REPORTED)));
            }
            // an end of what nobody ever told of is no news
            changed.values().removeIf(alert -> alert.endsAt().isPresent() && !all.containsKey(alert.fingerprint()));
            all.putAll(changed);
            if (all.size() > MOST) {
                throw new IllegalArgumentException("more than " + MOST + " alerts of other monitors are open");
            }
            tx.createUpdate("DELETE FROM inbound_alert WHERE ends_at < :before OR seen_at < :silent")
                    .bind("before", now.minus(KEPT).toEpochMilli())
                    .bind("silent", now.minus(InboundAlert.LONGEST_SILENCE).minus(KEPT).toEpochMilli())
                    .execute();
            save(tx, changed.values());
            known = Collections.unmodifiableMap(all);
            return payload.alerts().size();
        });
    }

    private static void save(Handle tx, Collection<InboundAlert> alerts) {
        if (alerts.isEmpty()) {
            return;
        }
        try (var batch = tx.prepareBatch("INSERT INTO inbound_alert (fingerprint, group_key, labels, annotations, source, starts_at, ends_at,"
                + " end_reason, seen_at) VALUES (:fingerprint, :group, :labels, :annotations, :source, :starts, :ends, :reason, :seen)"
                + " ON CONFLICT (fingerprint) DO UPDATE SET group_key = excluded.group_key, labels = excluded.labels, annotations ="
                + " excluded.annotations, source = excluded.source, starts_at = excluded.starts_at, ends_at = excluded.ends_at, end_reason ="
                + " excluded.end_reason, seen_at = excluded.seen_at")) {
            for (InboundAlert alert : alerts) {
                batch.bind("fingerprint", alert.fingerprint())
                        .bind("group", alert.group())
                        .bind("labels", JSON.writeValueAsString(alert.labels()))
                        .bind("annotations", JSON.writeValueAsString(alert.annotations()))
                        .bind("source", alert.source())
                        .bind("starts", alert.startsAt().toEpochMilli())
                        .bindByType("ends", alert.endsAt().map(Instant::toEpochMilli).orElse(null), Long.class)
                        .bind("reason", alert.endReason())
                        .bind("seen", alert.seenAt().toEpochMilli())
                        .add();
            }
            batch.execute();
        }
    }

    private static Map<String, InboundAlert> readAll(Handle handle) {
        return handle.createQuery("SELECT * FROM inbound_alert ORDER BY starts_at, fingerprint").map((row, _) -> read(row)).stream()
                .collect(Collectors.collectingAndThen(
                        Collectors.toMap(InboundAlert::fingerprint, alert -> alert, (a, _) -> a, LinkedHashMap::new),
                        Collections::unmodifiableMap));
    }

    private static InboundAlert read(ResultSet row) throws SQLException {
        long ends = row.getLong("ends_at");
        Optional<Instant> endsAt = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ends));
        return new InboundAlert(
                row.getString("fingerprint"),
                row.getString("group_key"),
                JSON.readValue(row.getString("labels"), TEXTS),
                JSON.readValue(row.getString("annotations"), TEXTS),
                row.getString("source"),
                Instant.ofEpochMilli(row.getLong("starts_at")),
                endsAt,
                row.getString("end_reason"),
                Instant.ofEpochMilli(row.getLong("seen_at")));
    }
}
