package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.alert.AlertTable.End;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One rule on one series, with its open alert. Confined to the evaluator's thread. */
final class Watch {
    final Rule rule;
    final WatchedSeries series;
    final AlertMachine.Timing timing;

    /** When the last alert of this rule and series ended. */
    Instant notBefore = Instant.MIN;

    /** The ends of its latest alerts that had fired, oldest first. */
    private final Deque<End> ends = new ArrayDeque<>();

    private @Nullable Alert alert;

    /** What the condition compared when it held last, for the places in texts. */
    String value = "";

    Watch(Rule rule, WatchedSeries series) {
        this.rule = rule;
        this.series = series;
        this.timing = AlertMachine.Timing.of(rule, series.spec.interval());
    }

    /** So often may an alert end within an hour; when it comes again after that, it flaps. */
    private static final int STEADY = 3;

    private static final Duration HOUR = Duration.ofHours(1);

    /** How soon after its end an alert is taken for the same incident when it comes again. */
    private static final Duration REOPENED = Duration.ofMinutes(5);

    void ended(End end) {
        ends.addLast(end);
        notBefore = end.at();
        while (ends.size() > STEADY + 1) {
            ends.removeFirst();
        }
    }

    /** Which incident an alert belongs to that begins now; empty for one of its own. */
    String incident(Instant startsAt) {
        return ends.isEmpty() || ends.getLast().at().plus(REOPENED).isBefore(startsAt) ? "" : ends.getLast().incident();
    }

    /** Whether one that fires now has come and gone too often lately. */
    boolean flaps(Instant now) {
        return rule.calmsFlapping() && ends.stream().filter(end -> end.at().isAfter(now.minus(HOUR))).count() >= STEADY;
    }

    /** How patient the rule is with the alert that is open. */
    AlertMachine.Timing patience() {
        return alert != null && alert.view().handling().flapping() ? timing.flapping() : timing;
    }

    /** The alert that is pending or firing. */
    Optional<Alert> alert() {
        return Optional.ofNullable(alert);
    }

    void alert(Optional<Alert> open) {
        alert = open.orElse(null);
    }
}
