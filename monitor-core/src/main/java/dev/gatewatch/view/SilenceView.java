package dev.gatewatch.view;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A silence: whoever matches is not told of for a while. Immutable.
 *
 * @param matchers {@code name=value}, {@code name!=value}, {@code name=~regex} or {@code name!~regex}; all have to match
 * @param by who made it
 */
public record SilenceView(
        String id, List<String> matchers, Instant startsAt, Instant endsAt, String by, String comment, Instant createdAt) {
    public SilenceView {
        matchers = List.copyOf(matchers);
    }

    /** Where a silence is in its time. */
    public enum State {
        PENDING,
        ACTIVE,
        EXPIRED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public State state(Instant now) {
        if (now.isBefore(startsAt)) {
            return State.PENDING;
        }
        return now.isBefore(endsAt) ? State.ACTIVE : State.EXPIRED;
    }
}
