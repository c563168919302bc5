package dev.gatewatch.alerting.alert;

import java.util.Optional;

/**
 * What an alert is about, and keeps the one that is open: a rule on a series, a rule on all regions of a probe, our own network, another
 * monitor's alert. Confined to the evaluator's thread.
 */
interface Keeper {
    /** The alert that is pending or firing. */
    Optional<Alert> alert();

    void alert(Optional<Alert> open);

    /** Its alerts that have ended. */
    Recurrence past();

    /** A new alert. */
    Alert begin(Episode episode, Alert.Text text);

    /** Whether an alert that comes and goes too often goes on until it has been quiet for a while. */
    boolean calmsFlapping();
}
