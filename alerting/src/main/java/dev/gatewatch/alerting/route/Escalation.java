package dev.gatewatch.alerting.route;

import java.time.Duration;
import java.util.List;

/**
 * Who else is told when an alert lasts and nobody acknowledges it. Immutable.
 *
 * @param after the alert fired
 */
public record Escalation(Duration after, List<String> channels) {
    public Escalation {
        channels = List.copyOf(channels);
    }
}
