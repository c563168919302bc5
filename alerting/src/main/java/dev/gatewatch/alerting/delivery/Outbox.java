package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.alerting.route.Telling;
import dev.gatewatch.alerting.route.Why;
import dev.gatewatch.store.Store;
import dev.gatewatch.view.NoticeLog;
import dev.gatewatch.view.NoticeLog.Told;
import dev.gatewatch.view.NoticeView;
import dev.gatewatch.view.NoticeView.Attempt;
import dev.gatewatch.view.NoticeView.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table of notices. Safe for many threads; one lane alone moves the notices of a channel. */
final class Outbox {
    /** How long sent notices stay for the notice log. */
    static final Duration KEEP_SENT = Duration.ofDays(7);

    /** How long notices that were given up stay to be looked into. */
    static final Duration KEEP_DEAD = Duration.ofDays(30);

    /** Sent firing notices stay until their resolve is through, but not for ever: a route may have changed in between. */
    static final Duration KEEP_FIRING = Duration.ofDays(90);

    private static final int LONGEST_ERROR = 500;

    /** So many rows are held in memory to be written. */
    private static final int AT_ONCE = 500;

    private final Store store;

    Outbox(Store store) {
        this.store = store;
    }

    /** How many of a channel's notices wait, and how many were given up. */
    record Counts(long open, long dead) {}

    void insert(Handle tx, Telling telling, Instant now) {
        insert(tx, List.of(new Entry(telling, "")), now);
    }

    /**
     * A notice to write.
     *
     * @param undeliverable why nobody can deliver it; it is written all the same, so that it is seen. Empty for all others
     */
    record Entry(Telling telling, String undeliverable) {}

    /** Writes notices. Those of one channel and group that follow each other are one batch. */
    void insert(Handle tx, List<Entry> entries, Instant now) {
        if (entries.isEmpty()) {
            return;
        }
        long id = tx.createQuery("SELECT COALESCE(MAX(id), 0) FROM outbox").mapTo(Long.class).one();
        long batch = id;
        Telling before = null;
        try (var rows = tx.prepareBatch("""
                INSERT INTO outbox (id, channel, alert_id, kind, alert, created_at, state, attempts, may_repeat, next_at, last_error, ended_at,
                    group_key, group_title, group_firing, why, batch)
                VALUES (:id, :channel, :alertId, :kind, :alert, :now, :state, 0, 0, :now, :error, :ended, :groupKey, :groupTitle,
                    :groupFiring, :why, :batch)""")) {
            for (Entry entry : entries) {
                Telling telling = entry.telling();
                boolean dead = !entry.undeliverable().isEmpty();
                id++;
                if (before == null
                        || !before.channel().equals(telling.channel())
                        || !before.group().key().equals(telling.group().key())) {
                    batch = id;
                }
                before = telling;
                rows.bind("id", id)
                        .bind("channel", telling.channel())
                        .bind("alertId", telling.alert().id())
                        .bind("kind", code(telling.kind()))
                        .bind("alert", AlertCodec.encode(telling.alert()))
                        .bind("now", now.toEpochMilli())
                        .bind("state", (dead ? State.DEAD : State.QUEUED).code())
                        .bind("error", entry.undeliverable())
                        .bind("groupKey", telling.group().key())
                        .bind("groupTitle", telling.group().title())
                        .bind("groupFiring", telling.group().firing())
                        .bind("why", telling.why())
                        .bind("batch", batch);
                (dead ? rows.bind("ended", now.toEpochMilli()) : rows.bindByType("ended", null, Long.class)).add();
                if (rows.size() >= AT_ONCE) {
                    rows.execute();
                }
            }
            rows.execute();
        }
    }

    private static String code(Notice.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /**
     * How many more of the batch's alerts fire once all of it is told than do after this notice: what comes after it in the batch adds new
     * ones and takes ended ones away.
     */
    int stillToCome(NoticeRow row) {
        return store.read(handle -> handle.createQuery("SELECT COALESCE(SUM(CASE WHEN kind = 'resolved' THEN -1 WHEN kind = 'firing' AND why <>"
                        + " :worsened THEN 1 ELSE 0 END), 0) FROM outbox WHERE batch = :batch AND id > :id")
                .bind("worsened", Why.WORSENED)
                .bind("batch", row.batch())
                .bind("id", row.id())
                .mapTo(Integer.class)
                .one());
    }

    /** When messages of a channel arrived since, oldest first. */
    List<Instant> arrivals(String channel, Instant since) {
        return store.read(handle -> handle.createQuery("SELECT DISTINCT ended_at FROM outbox WHERE channel = :channel AND state = 'sent'"
                        + " AND ended_at > :since ORDER BY ended_at")
                .bind("channel", channel)
                .bind("since", since.toEpochMilli())
                .mapTo(Long.class)
                .map(Instant::ofEpochMilli)
                .list());
    }

    Optional<NoticeRow> find(long id) {
        return store.read(handle -> handle.createQuery("SELECT * FROM outbox WHERE id = :id")
                .bind("id", id)
                .map(Outbox::row)
                .findOne());
    }

    /**
     * Puts what was given up of an alert back into its channel's queue, in its place, as far as that makes sense: beginnings go with their
     * ends.
     *
     * @throws IllegalArgumentException in a person's words, where the end of the alert was told already
     */
    boolean revive(NoticeRow dead, Instant now) {
        return store.write(handle -> {
            long ended = handle.createQuery("SELECT COUNT(*) FROM outbox WHERE alert_id = :alert AND channel = :channel AND kind = 'resolved'"
                            + " AND state = 'sent' AND id > :id")
                    .bind("alert", dead.alert().id())
                    .bind("channel", dead.channel())
                    .bind("id", dead.id())
                    .mapTo(Long.class)
                    .one();
            if (ended > 0) {
                throw new IllegalArgumentException("the alert's end was told already; its beginning would look like a new one");
            }
            return handle.createUpdate("UPDATE outbox SET state = 'queued', next_at = :now, ended_at = NULL,"
                                    + " may_repeat = CASE WHEN attempts > 0 THEN 1 ELSE may_repeat END"
                                    + " WHERE alert_id = :alert AND channel = :channel AND state = 'dead'")
                            .bind("now", now.toEpochMilli())
                            .bind("alert", dead.alert().id())
                            .bind("channel", dead.channel())
                            .execute()
                    > 0;
        });
    }

    /** What waits for a channel, oldest first. */
    List<NoticeRow> open(String channel, int most) {
        return store.read(handle -> handle.createQuery("SELECT * FROM outbox WHERE channel = :channel"
                        + " AND state IN ('queued', 'sending') ORDER BY id LIMIT :most")
                .bind("channel", channel)
                .bind("most", most)
                .map(Outbox::row)
                .list());
    }

    /** The notices are about to be sent. Those that were so before may have arrived then. */
    void sending(List<Long> ids, Instant now) {
        store.write(tx -> {
            tx.createUpdate("UPDATE outbox SET may_repeat ="
                            + " CASE WHEN state = 'sending' THEN 1 ELSE may_repeat END, state = 'sending', attempts = attempts + 1"
                            + " WHERE id IN (<ids>)")
                    .bindList("ids", ids)
                    .execute();
            AttemptLog.begin(tx, ids, now);
            return true;
        });
    }

    /** The attempt that {@link #sending} began brought the notices to their receiver. */
    void sent(List<Long> ids, Instant now, AttemptLog.End end) {
        store.write(tx -> {
            tx.createUpdate("UPDATE outbox SET state = 'sent', ended_at = :now, last_error = '' WHERE id IN (<ids>)")
                    .bind("now", now.toEpochMilli())
                    .bindList("ids", ids)
                    .execute();
            AttemptLog.end(tx, ids, end, Optional.empty());
            return true;
        });
    }

    /** The attempt failed, and the notices wait for another one. */
    void requeue(List<Long> ids, Instant nextAt, boolean mayHaveArrived, AttemptLog.End end) {
        store.write(tx -> {
            tx.createUpdate("UPDATE outbox SET state = 'queued', next_at = :next, last_error = :error,"
                            + " may_repeat = CASE WHEN :arrived = 1 THEN 1 ELSE may_repeat END WHERE id IN (<ids>)")
                    .bind("next", nextAt.toEpochMilli())
                    .bind("error", shortened(end.said()))
                    .bind("arrived", mayHaveArrived ? 1 : 0)
                    .bindList("ids", ids)
                    .execute();
            AttemptLog.end(tx, ids, end, Optional.of(nextAt));
            return true;
        });
    }

    /** The attempt failed, and there is no other. */
    void dead(List<Long> ids, Instant now, String reason, AttemptLog.End end) {
        store.write(tx -> {
            giveUp(tx, ids, now, reason);
            AttemptLog.end(tx, ids, end, Optional.empty());
            return true;
        });
    }

    /** Notices are given up without an attempt. */
    void dead(List<Long> ids, Instant now, String reason) {
        store.write(tx -> {
            giveUp(tx, ids, now, reason);
            return true;
        });
    }

    private static void giveUp(Handle tx, List<Long> ids, Instant now, String reason) {
        tx.createUpdate("UPDATE outbox SET state = 'dead', ended_at = :now, last_error = :reason WHERE id IN (<ids>)")
                .bind("now", now.toEpochMilli())
                .bind("reason", shortened(reason))
                .bindList("ids", ids)
                .execute();
    }

    /** Gives up all that waits for channels other than these; answers how many that were, by channel. */
    List<Buried> buryOthers(Set<String> channels, Instant now, String reason) {
        return store.write(handle -> {
            List<Buried> found = handle
                    .createQuery("SELECT channel, COUNT(*) AS n FROM outbox WHERE state IN ('queued', 'sending') GROUP BY channel")
                    .map((rs, _) -> new Buried(rs.getString("channel"), rs.getLong("n")))
                    .stream()
                    .filter(buried -> !channels.contains(buried.channel()))
                    .toList();
            for (Buried buried : found) {
                handle.createUpdate("UPDATE outbox SET state = 'dead', ended_at = :now, last_error = :reason"
                                + " WHERE channel = :channel AND state IN ('queued', 'sending')")
                        .bind("now", now.toEpochMilli())
                        .bind("reason", reason)
                        .bind("channel", buried.channel())
                        .execute();
            }
            return found;
        });
    }

    /** Notices given up together. */
    record Buried(String channel, long count) {}

    /** Whether people on this channel never heard of the alert, since every firing notice before this one was given up. */
    boolean firingGivenUp(NoticeRow resolved) {
        List<String> states = store.read(handle -> handle.createQuery("SELECT DISTINCT state FROM outbox WHERE alert_id = :alert"
                        + " AND channel = :channel AND kind <> 'resolved' AND id < :id")
                .bind("alert", resolved.alert().id())
                .bind("channel", resolved.channel())
                .bind("id", resolved.id())
                .mapTo(String.class)
                .list());
        return states.equals(List.of(State.DEAD.code()));
    }

    Counts counts(String channel) {
        return store.read(handle -> new Counts(
                count(handle, "state IN ('queued', 'sending')", channel), count(handle, "state = 'dead'", channel)));
    }

    private static long count(Handle handle, String which, String channel) {
        return handle.createQuery("SELECT COUNT(*) FROM outbox WHERE channel = :channel AND " + which)
                .bind("channel", channel)
                .mapTo(Long.class)
                .one();
    }

    /** Newest first, each with its attempts. */
    List<NoticeView> find(NoticeLog.Query asked) {
        return store.read(handle -> {
            var which = new ArrayList<String>(List.of("id < :before"));
            asked.channel().ifPresent(_ -> which.add("channel = :channel"));
            asked.alert().ifPresent(_ -> which.add("alert_id = :alert"));
            if (asked.states().size() < State.values().length) {
                which.add("state IN (<states>)");
            }
            var query = handle.createQuery("SELECT * FROM outbox WHERE " + String.join(" AND ", which) + " ORDER BY id DESC LIMIT :limit")
                    .bind("before", asked.before())
                    .bind("limit", asked.limit());
            asked.channel().ifPresent(name -> query.bind("channel", name));
            asked.alert().ifPresent(id -> query.bind("alert", id));
            if (asked.states().size() < State.values().length) {
                query.bindList("states", asked.states().stream().map(State::code).toList());
            }
            List<NoticeRow> rows = query.map(Outbox::row).list();
            Map<Long, List<Attempt>> attempts =
                    AttemptLog.of(handle, rows.stream().map(NoticeRow::id).toList());
            return rows.stream().map(row -> row.view(attempts.getOrDefault(row.id(), List.of()))).toList();
        });
    }

    /** What became of the notices of these alerts' beginnings: of each channel's first that arrived, else of the latest. */
    List<Told> told(Collection<String> alerts) {
        if (alerts.isEmpty()) {
            return List.of();
        }
        var told = new LinkedHashMap<List<String>, Told>();
        store.read(handle -> handle.createQuery("SELECT alert_id, channel, state, attempts, ended_at, next_at, last_error FROM outbox"
                        + " WHERE alert_id IN (<alerts>) AND kind <> 'resolved' ORDER BY id")
                .bindList("alerts", List.copyOf(alerts))
                .map((row, _) -> {
                    long ended = row.getLong("ended_at");
                    long at = row.wasNull() ? row.getLong("next_at") : ended;
                    return new Told(
                            row.getString("alert_id"),
                            row.getString("channel"),
                            State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                            row.getInt("attempts"),
                            Instant.ofEpochMilli(at),
                            row.getString("last_error"));
                })
                .list())
                .forEach(each -> told.merge(List.of(each.alert(), each.channel()), each, (known, later) -> known.state() == State.SENT ? known : later));
        return List.copyOf(told.values());
    }

    /** Forgets what is long done; keeps the newest row, from which the next id is counted. */
    void prune(Instant now) {
        store.write(tx -> {
            tx.createUpdate("""
                        DELETE FROM outbox WHERE id < (SELECT MAX(id) FROM outbox) AND (
                            (state = 'dead' AND ended_at < :dead)
                            OR (state = 'sent' AND ended_at < :sent AND (kind = 'resolved' OR ended_at < :firing
                                OR EXISTS (SELECT 1 FROM outbox later WHERE later.alert_id = outbox.alert_id
                                    AND later.channel = outbox.channel AND later.kind = 'resolved'
                                    AND later.state IN ('sent', 'dead')))))""")
                    .bind("dead", now.minus(KEEP_DEAD).toEpochMilli())
                    .bind("sent", now.minus(KEEP_SENT).toEpochMilli())
                    .bind("firing", now.minus(KEEP_FIRING).toEpochMilli())
                    .execute();
            AttemptLog.prune(tx);
            return true;
        });
    }

    private static String shortened(String error) {
        return Cut.chars(error, LONGEST_ERROR);
    }

    private static NoticeRow row(ResultSet rs, StatementContext context) throws SQLException {
        long ended = rs.getLong("ended_at");
        Optional<Instant> endedAt = rs.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended));
        return new NoticeRow(
                rs.getLong("id"),
                rs.getString("channel"),
                Notice.Kind.valueOf(rs.getString("kind").toUpperCase(Locale.ROOT)),
                AlertCodec.decode(rs.getString("alert")),
                new Notice.Group(rs.getString("group_key"), rs.getString("group_title"), rs.getInt("group_firing")),
                rs.getString("why"),
                rs.getLong("batch"),
                Instant.ofEpochMilli(rs.getLong("created_at")),
                State.valueOf(rs.getString("state").toUpperCase(Locale.ROOT)),
                rs.getInt("attempts"),
                rs.getInt("may_repeat") != 0,
                Instant.ofEpochMilli(rs.getLong("next_at")),
                rs.getString("last_error"),
                endedAt);
    }
}
