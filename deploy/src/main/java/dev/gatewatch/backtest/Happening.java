package dev.gatewatch.backtest;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An alert that would have fired. Immutable.
 *
 * @param startsAt when the trouble began
 * @param firedAt when somebody would have been told
 * @param endsAt when it was over; absent where it still fired when history ended
 * @param message why, as it stood when it fired
 * @param untold why nobody would have been told; empty where they would
 */
public record Happening(
        String rule,
        Severity severity,
        Series series,
        Instant startsAt,
        Instant firedAt,
        Optional<Instant> endsAt,
        Cause cause,
        String message,
        boolean flapping,
        String untold) {
    /** How long it fired, up to the end of history at most. */
    public Duration lasted(Instant end) {
        Instant to = endsAt.orElse(end);
        return to.isAfter(firedAt) ? Duration.between(firedAt, to) : Duration.ZERO;
    }
}
