package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.alert.Recurrence.Ended;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import dev.gatewatch.view.Handling;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table of alerts. Statements are the common language of SQLite and PostgreSQL. Confined to the evaluator's thread. */
final class AlertTable {
    /** So many rows are held in memory to be written. */
    private static final int AT_ONCE = 500;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<LinkedHashMap<String, String>> TEXTS = new TypeReference<>() {};
    private static final String COLUMNS =
            "id, fingerprint, rule, probe, region, location, type, target, severity, state, cause, message, evidence, starts_at,"
                    + " held_since, fired_at, clear_since, ends_at, end_reason, level, labels, annotations, told, incident, flapping, confirmed, owes";

    private AlertTable() {}

    /** All open alerts. */
    static List<Alert> open(Handle tx) {
        return tx.createQuery("SELECT " + COLUMNS + " FROM alert WHERE state <> 'resolved' ORDER BY starts_at, id")
                .map((row, _) -> alert(row))
                .list();
    }

    /** Alerts that ended after this, newest first. */
    static List<Alert> resolvedSince(Handle tx, Instant since, int limit) {
        return tx.createQuery("SELECT " + COLUMNS
                        + " FROM alert WHERE state = 'resolved' AND ends_at > :since ORDER BY ends_at DESC, id LIMIT :limit")
                .bind("since", since.toEpochMilli())
                .bind("limit", limit)
                .map((row, _) -> alert(row))
                .list();
    }

    /** Resolved alerts whose end some channel does not know yet. */
    static List<Alert> owing(Handle tx) {
        return tx.createQuery("SELECT " + COLUMNS + " FROM alert WHERE owes = 1 ORDER BY ends_at, id")
                .map((row, _) -> alert(row))
                .list();
    }

    /** The ends of each fingerprint's alerts that fired and ended after this, oldest first. */
    static Map<String, List<Ended>> endsSince(Handle tx, Instant since) {
        var ends = new HashMap<String, List<Ended>>();
        tx.createQuery("SELECT fingerprint, id, incident, fired_at, ends_at FROM alert WHERE state = 'resolved' AND ends_at > :since"
                        + " AND fired_at IS NOT NULL ORDER BY ends_at")
                .bind("since", since.toEpochMilli())
                .map((row, _) -> {
                    String incident = row.getString("incident");
                    return ends.computeIfAbsent(row.getString("fingerprint"), _ -> new ArrayList<>())
                            .add(new Ended(
                                    Instant.ofEpochMilli(row.getLong("fired_at")),
                                    Instant.ofEpochMilli(row.getLong("ends_at")),
                                    incident.isEmpty() ? row.getString("id") : incident));
                })
                .list();
        return ends;
    }

    static void save(Handle tx, Collection<Alert> alerts) {
        if (alerts.isEmpty()) {
            return;
        }
        try (var batch = tx.prepareBatch("INSERT INTO alert (" + COLUMNS
                + ") VALUES (:id, :fingerprint, :rule, :probe, :region, :location, :type, :target, :severity, :state, :cause, :message,"
                + " :evidence, :starts_at, :held_since, :fired_at, :clear_since, :ends_at, :end_reason, :level, :labels, :annotations,"
                + " :told, :incident, :flapping, :confirmed, :owes) ON CONFLICT (id) DO UPDATE SET state = excluded.state, cause = excluded.cause, message = excluded.message,"
                + " evidence = excluded.evidence, held_since = excluded.held_since, fired_at = excluded.fired_at, clear_since ="
                + " excluded.clear_since, ends_at = excluded.ends_at, end_reason = excluded.end_reason, level = excluded.level, told ="
                + " excluded.told, flapping = excluded.flapping, confirmed = excluded.confirmed, owes = excluded.owes")) {
            for (Alert alert : alerts) {
                AlertView view = alert.view();
                Episode episode = alert.episode();
                batch.bind("id", view.id())
                        .bind("fingerprint", view.fingerprint())
                        .bind("rule", view.rule())
                        .bind("probe", view.series().probe())
                        .bind("region", view.series().region())
                        .bind("location", view.series().location())
                        .bind("type", view.type())
                        .bind("target", view.target())
                        .bind("severity", view.severity().code())
                        .bind("state", episode.state().code())
                        .bind("cause", view.cause().code())
                        .bind("message", view.message())
                        .bind("evidence", view.evidence())
                        .bind("starts_at", episode.startsAt().toEpochMilli())
                        .bind("held_since", episode.heldSince().toEpochMilli())
                        .bind("fired_at", millis(episode.firedAt()))
                        .bind("clear_since", millis(episode.clearSince()))
                        .bind("ends_at", millis(episode.endsAt()))
                        .bind("end_reason", episode.endReason())
                        .bind("level", episode.level())
                        .bind("labels", JSON.writeValueAsString(view.labels()))
                        .bind("annotations", JSON.writeValueAsString(view.annotations()))
                        .bind("told", TellingCodec.encode(alert.told()))
                        .bind("incident", view.handling().incident())
                        .bind("flapping", view.handling().flapping() ? 1 : 0)
                        .bind("confirmed", episode.confirmed())
                        .bind("owes", episode.state() == State.RESOLVED && alert.owesAnEnd() ? 1 : 0)
                        .add();
                if (batch.size() >= AT_ONCE) {
                    batch.execute();
                }
            }
            batch.execute();
        }
    }

    static void delete(Handle tx, Collection<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        try (var batch = tx.prepareBatch("DELETE FROM alert WHERE id = :id")) {
            ids.forEach(id -> batch.bind("id", id).add());
            batch.execute();
        }
    }

    /** Deletes resolved alerts that ended before this, and all but the newest {@code most}. */
    static int prune(Handle tx, Instant before, int most) {
        int old = tx.createUpdate("DELETE FROM alert WHERE state = 'resolved' AND ends_at < :before")
                .bind("before", before.toEpochMilli())
                .execute();
        int many = tx.createUpdate("DELETE FROM alert WHERE state = 'resolved' AND ends_at < (SELECT MIN(ends_at) FROM (SELECT ends_at"
                        + " FROM alert WHERE state = 'resolved' ORDER BY ends_at DESC LIMIT :most) AS newest)")
                .bind("most", most)
                .execute();
        return old + many;
    }

    private static Alert alert(ResultSet row) throws SQLException {
        State state = State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
        var episode = new Episode(
                state,
                Instant.ofEpochMilli(row.getLong("starts_at")),
                Instant.ofEpochMilli(row.getLong("held_since")),
                instant(row, "fired_at"),
                instant(row, "clear_since"),
                instant(row, "ends_at"),
                row.getString("end_reason"),
                row.getInt("level"),
                row.getInt("confirmed"));
        var view = new AlertView(
                row.getString("id"),
                row.getString("fingerprint"),
                row.getString("rule"),
                new Series(row.getString("probe"), row.getString("region"), row.getString("location")),
                row.getString("type"),
                row.getString("target"),
                Severity.valueOf(row.getString("severity").toUpperCase(Locale.ROOT)),
                state,
                // a newer version may have written a cause that this one does not know
                Cause.of(row.getString("cause")).orElse(Cause.INTERNAL_ERROR),
                row.getString("message"),
                row.getString("evidence"),
                episode.startsAt(),
                episode.firedAt(),
                episode.endsAt(),
                episode.endReason(),
                JSON.readValue(row.getString("labels"), TEXTS),
                JSON.readValue(row.getString("annotations"), TEXTS),
                new Handling(
                        row.getString("incident"), Optional.empty(), Optional.empty(), row.getInt("flapping") != 0, List.of()));
        return new Alert(view, episode, TellingCodec.decode(row.getString("told")));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static @Nullable Long millis(Optional<Instant> instant) {
        return instant.map(Instant::toEpochMilli).orElse(null);
    }
}
