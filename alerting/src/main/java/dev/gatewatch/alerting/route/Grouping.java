package dev.gatewatch.alerting.route;

import java.time.Duration;
import java.util.List;

/**
 * Which alerts of a route are told together, and how often. Immutable.
 *
 * @param by properties and labels; alerts that agree in all of them are one group
 * @param patience before a new group is told of, so that those who come at the same time come in one message
 * @param interval at least between two messages about one group, unless it is all clear or has got worse
 * @param repeat between reminders, while nobody has acknowledged
 * @param calm how many groups may begin within a minute before they are told together, as a storm; 0 for any number
 */
public record Grouping(List<String> by, Duration patience, Duration interval, Duration repeat, int calm) {
    /** One group a probe, told at once; changes once a minute; a reminder every four hours. */
    public static final Grouping DEFAULT =
            new Grouping(List.of("probe"), Duration.ZERO, Duration.ofMinutes(1), Duration.ofHours(4), 10);

    public Grouping {
        by = List.copyOf(by);
    }
}
