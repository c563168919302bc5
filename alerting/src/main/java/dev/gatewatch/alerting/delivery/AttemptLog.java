package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.view.NoticeView.Attempt;
import dev.gatewatch.view.NoticeView.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The table of attempts. Written within the transactions that move notices, so that it costs none of its own; each notice keeps its first
 * attempt and its latest ones, for as long as it is kept itself. Stateless.
 */
final class AttemptLog {
    /** How many of a notice's latest attempts are kept: a receiver that is down for two hours has had about as many. */
    static final int LATEST = 30;

    private static final int LONGEST_SAYING = 500;

    private AttemptLog() {}

    /** How an attempt ended. */
    record End(Outcome outcome, Duration took, String said) {}

    /** Attempts begin, after the notices' own counts have grown by one. */
    static void begin(Handle tx, List<Long> notices, Instant now) {
        tx.createUpdate("UPDATE notice_attempt SET outcome = 'cut_off', said = :said WHERE notice_id IN (<ids>) AND outcome = 'going'")
                .bind("said", "the daemon ended before the answer was known")
                .bindList("ids", notices)
                .execute();
        tx.createUpdate("INSERT INTO notice_attempt (notice_id, attempt, began_at, took_ms, outcome, said, next_at)"
                        + " SELECT id, attempts, :now, 0, 'going', '', NULL FROM outbox WHERE id IN (<ids>)")
                .bind("now", now.toEpochMilli())
                .bindList("ids", notices)
                .execute();
        tx.createUpdate("DELETE FROM notice_attempt WHERE notice_id IN (<ids>) AND attempt > 1"
                        + " AND attempt <= (SELECT attempts FROM outbox WHERE id = notice_attempt.notice_id) - :latest")
                .bind("latest", LATEST)
                .bindList("ids", notices)
                .execute();
    }

    /** @param nextAt when they are tried again, where they are */
    static void end(Handle tx, List<Long> notices, End end, Optional<Instant> nextAt) {
        var update = tx.createUpdate("UPDATE notice_attempt SET outcome = :outcome, took_ms = :took, said = :said, next_at = :next"
                        + " WHERE notice_id IN (<ids>) AND outcome = 'going'")
                .bind("outcome", end.outcome().code())
                .bind("took", end.took().toMillis())
                .bind("said", Cut.chars(end.said(), LONGEST_SAYING))
                .bindList("ids", notices);
        nextAt.ifPresentOrElse(at -> update.bind("next", at.toEpochMilli()), () -> update.bindByType("next", null, Long.class));
        update.execute();
    }

    /** The attempts by notice, oldest first. */
    static Map<Long, List<Attempt>> of(Handle handle, List<Long> notices) {
        var found = new HashMap<Long, List<Attempt>>();
        if (notices.isEmpty()) {
            return found;
        }
        handle.createQuery("SELECT * FROM notice_attempt WHERE notice_id IN (<ids>) ORDER BY notice_id, attempt")
                .bindList("ids", notices)
                .map((row, _) -> {
                    long next = row.getLong("next_at");
                    Optional<Instant> nextAt = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(next));
                    return found.computeIfAbsent(row.getLong("notice_id"), _ -> new ArrayList<>())
                            .add(new Attempt(
                                    row.getInt("attempt"),
                                    Instant.ofEpochMilli(row.getLong("began_at")),
                                    Duration.ofMillis(row.getLong("took_ms")),
                                    Outcome.valueOf(row.getString("outcome").toUpperCase(Locale.ROOT)),
                                    row.getString("said"),
                                    nextAt));
                })
                .list();
        return found;
    }

    /** Forgets the attempts of notices that are gone. */
    static void prune(Handle tx) {
        tx.execute("DELETE FROM notice_attempt WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.id = notice_attempt.notice_id)");
    }
}
