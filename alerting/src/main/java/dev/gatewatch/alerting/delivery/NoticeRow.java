package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.view.AlertView;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A notice in the notice log. Immutable.
 *
 * @param alert as it stood when the notice was written
 * @param group what it is told together with
 * @param why why it was told then, where the kind does not say it
 * @param batch the id of the first notice that was decided together with it for this channel and group
 * @param attempts begun so far
 * @param lastError what went wrong last, or why it was given up; empty when nothing did
 * @param endedAt when it was sent or given up
 */
public record NoticeRow(
        long id,
        String channel,
        Notice.Kind kind,
        AlertView alert,
        Notice.Group group,
        String why,
        long batch,
        Instant createdAt,
        State state,
        int attempts,
        boolean mayRepeat,
        Instant nextAt,
        String lastError,
        Optional<Instant> endedAt) {
    /** Whether an attempt before the next one may have arrived. */
    boolean repeats() {
        return mayRepeat || state == State.SENDING;
    }

    /** Where a notice is on its way. */
    public enum State {
        QUEUED,
        /** An attempt goes on, or was cut off by the daemon's end. */
        SENDING,
        SENT,
        /** Given up. */
        DEAD;

        /** The word used in the store, JSON and labels. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
