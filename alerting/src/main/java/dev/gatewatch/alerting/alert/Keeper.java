package dev.gatewatch.alerting.alert;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an alert is about, and keeps the one that is open: a rule on a series, a rule on all regions of a probe, our own network, another
 * monitor's alert. Confined to the evaluator's thread.
 */
abstract class Keeper {
    private final Recurrence past = new Recurrence();
    private @Nullable Alert alert;

    /** The alert that is pending or firing. */
    final Optional<Alert> alert() {
        return Optional.ofNullable(alert);
    }

    final void alert(Optional<Alert> open) {
        alert = open.orElse(null);
    }

    /** Its alerts that have ended. */
    final Recurrence past() {
        return past;
    }

    /** Whether the open alert comes and goes too often. */
    final boolean flaps() {
        return alert != null && alert.view().handling().flapping();
    }

    /** Whether its alert ends when time passes. */
    final boolean isCooling() {
        return alert != null && alert.episode().clearSince().isPresent();
    }

    /** A new alert. */
    abstract Alert begin(Episode episode, Alert.Text text);

    /** Whether an alert that comes and goes too often goes on until it has been quiet for a while. */
    abstract boolean calmsFlapping();
}
