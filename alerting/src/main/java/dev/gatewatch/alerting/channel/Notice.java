package dev.gatewatch.alerting.channel;

import dev.gatewatch.view.AlertView;
import java.time.Instant;

/**
 * One thing to tell one channel. Immutable.
 *
 * @param id unique and stable over restarts and retries: an idempotency key where a receiver takes one
 * @param alert as it stood when the notice was written
 * @param mayRepeat whether an earlier attempt may have arrived without us knowing (we were killed, or the answer was lost); the text
 *     should say so
 */
public record Notice(long id, String channel, Kind kind, AlertView alert, Instant createdAt, boolean mayRepeat) {
    /** What happened. */
    public enum Kind {
        FIRING,
        RESOLVED
    }
}
