package dev.gatewatch.alerting.channel;

import dev.gatewatch.view.AlertView;
import java.time.Instant;

/**
 * One thing to tell one channel. Immutable.
 *
 * @param id unique and stable over restarts and retries: an idempotency key where a receiver takes one
 * @param alert as it stood when the notice was written
 * @param group what it is told together with
 * @param why a short sentence why it is told now, where the kind does not say it ({@code "nobody has acknowledged it for 15 minutes"});
 *     else empty
 * @param mayRepeat whether an earlier attempt may have arrived without us knowing (we were killed, or the answer was lost); the text
 *     should say so
 */
public record Notice(
        long id, String channel, Kind kind, AlertView alert, Group group, String why, Instant createdAt, boolean mayRepeat) {
    /** One that stands alone. */
    public Notice(long id, String channel, Kind kind, AlertView alert, Instant createdAt, boolean mayRepeat) {
        this(id, channel, kind, alert, Group.of(alert, kind), "", createdAt, mayRepeat);
    }

    /** What happened. */
    public enum Kind {
        /** It fires, or has got worse. */
        FIRING,
        /** It goes on firing; told before. */
        REMINDER,
        RESOLVED;

        /** Whether it goes on after this. */
        public boolean firing() {
            return this != RESOLVED;
        }
    }

    /**
     * Alerts that a channel is told of together. A receiver that keeps one open thing a group (an incident, a thread) knows it by the key,
     * opens it with the first firing notice and closes it with the notice after which none fires.
     *
     * @param key stable for as long as any of its alerts fires; at most 64 characters of letters, digits and {@code -}
     * @param title what its alerts have in common, for people; empty for a group of one
     * @param firing how many of its alerts fire, as this channel knows it, after this notice and those written with it
     */
    public record Group(String key, String title, int firing) {
        static Group of(AlertView alert, Kind kind) {
            return new Group(alert.id(), "", kind.firing() ? 1 : 0);
        }
    }
}
