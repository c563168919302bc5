package dev.gatewatch.view;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One notice on its way to one channel. Immutable.
 *
 * @param id unique, and stable over restarts and retries; later ones are greater
 * @param kind {@code firing}, {@code reminder} or {@code resolved}
 * @param alert as it stood when the notice was written
 * @param why why it was told then, where the kind does not say it; else empty
 * @param attempts begun so far
 * @param mayRepeat whether it may have arrived before without us knowing
 * @param lastError what went wrong last, or why it was given up; empty where nothing did
 * @param nextAt when it is tried next at the earliest, while it waits
 * @param endedAt when it was sent or given up
 * @param log its attempts, oldest first; of very many the first and the latest
 */
public record NoticeView(
        long id,
        String channel,
        String kind,
        AlertView alert,
        String why,
        State state,
        int attempts,
        boolean mayRepeat,
        String lastError,
        Instant createdAt,
        Optional<Instant> nextAt,
        Optional<Instant> endedAt,
        List<Attempt> log) {
    public NoticeView {
        log = List.copyOf(log);
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

    /** How an attempt ended. */
    public enum Outcome {
        /** It has not ended. */
        GOING,
        DELIVERED,
        /** Not now. */
        RETRY,
        /** The receiver will never take this message. */
        REFUSED,
        /** The receiver takes nothing before a person mends the channel. */
        BROKEN,
        /** The daemon ended first, so whether it arrived is not known. */
        CUT_OFF;

        /** The word used in the store and JSON. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One attempt to deliver a notice.
     *
     * @param number from 1
     * @param said what the receiver said or what went wrong, in a person's words; empty where there is nothing to say. Holds no secret
     * @param nextAt when another one was due after it, where one was
     */
    public record Attempt(int number, Instant startedAt, Duration took, Outcome outcome, String said, Optional<Instant> nextAt) {}
}
