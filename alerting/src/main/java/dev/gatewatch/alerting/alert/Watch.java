package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.rule.Rule;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One rule on one series, with its open alert. Confined to the evaluator's thread. */
final class Watch {
    final Rule rule;
    final WatchedSeries series;
    final AlertMachine.Timing timing;

    /** When the last alert of this rule and series ended. */
    Instant notBefore = Instant.MIN;

    private @Nullable Alert alert;

    Watch(Rule rule, WatchedSeries series) {
        this.rule = rule;
        this.series = series;
        this.timing = AlertMachine.Timing.of(rule, series.spec.interval());
    }

    /** The alert that is pending or firing. */
    Optional<Alert> alert() {
        return Optional.ofNullable(alert);
    }

    void alert(Optional<Alert> open) {
        alert = open.orElse(null);
    }
}
