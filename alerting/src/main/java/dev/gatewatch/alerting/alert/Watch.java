package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.Handling;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One rule on one series, with its open alert. Confined to the evaluator's thread. */
final class Watch extends Keeper {
    final Rule rule;
    final WatchedSeries series;
    private final AlertMachine.Timing timing;

    /** What says aloud when enough regions are in trouble; set once all series are known. */
    private @Nullable Quorum quorum;

    /** What the condition compared when it held last, for the places in texts. */
    String value = "";

    /** The change that its trouble may come from. */
    Optional<ChangesNearby.Nearby> nearby = Optional.empty();

    Watch(Rule rule, WatchedSeries series) {
        this.rule = rule;
        this.series = series;
        this.timing = AlertMachine.Timing.of(rule, series.spec.interval());
    }

    /** How patient the rule is with the alert that is open. */
    AlertMachine.Timing patience() {
        return flaps() ? timing.flapping() : timing;
    }

    Optional<Quorum> quorum() {
        return Optional.ofNullable(quorum);
    }

    void quorum(Quorum of) {
        quorum = of;
    }

    /** Whether its alert was firing just before this moment. */
    boolean firedBefore(Instant at) {
        boolean open = alert().map(Alert::episode)
                .filter(episode -> episode.firedAt().filter(at::isAfter).isPresent())
                .map(episode -> AlertMachine.pass(Optional.of(episode), patience(), at).open().isPresent())
                .orElse(false);
        return open || past().firedBefore(at);
    }

    @Override
    Alert begin(Episode episode, Alert.Text text) {
        Severity severity = quorum == null ? rule.severity() : Quorum.quieter(rule.severity());
        var handling = new Handling(
                past().incident(episode.startsAt()), Optional.empty(), Optional.empty(), false, series.dependents);
        return Alert.begin(rule, severity, series.spec, series.spec.series(), episode, text, handling)
                .filled(rule, series.spec, value, series.window.last())
                .annotated(nearby.map(change -> Map.of("change", change.id())).orElse(Map.of()));
    }

    @Override
    boolean calmsFlapping() {
        return rule.calmsFlapping();
    }
}
