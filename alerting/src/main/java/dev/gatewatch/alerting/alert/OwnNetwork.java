package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.alert.AlertMachine.Gate;
import dev.gatewatch.alerting.alert.AlertMachine.Moment;
import dev.gatewatch.alerting.alert.AlertMachine.Step;
import dev.gatewatch.alerting.alert.AlertMachine.Timing;
import dev.gatewatch.alerting.rule.Verdict;
import dev.gatewatch.engine.WitnessSettings;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.Handling;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The one alert about ourselves while this machine has no network. It begins with the first run that found the witnesses silent. It ends
 * with a run that shows there is a network: a failed one, since the witnesses were asked and answered, or a good one of a series that was
 * cut off before. (A good run of any series would not do: some probes look at files.) Confined to the evaluator's thread.
 */
final class OwnNetwork extends Keeper {
    static final String RULE = "own network";
    static final String PROBE = "gatewatch";

    private static final Timing AT_ONCE = new Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private final Duration memory;

    /** Whose runs were cut off, and when the latest of them began. */
    private final Map<Series, Instant> cutOff = new HashMap<>();

    private Series series = new Series(PROBE, "", "");

    /** @param memory for how long it matters whose runs were cut off; where none was, any good run shows that there is a network */
    OwnNetwork(Duration memory) {
        this.memory = memory;
    }

    /** Whether a run found that our own network is down. */
    static boolean isSilent(Result result) {
        return result.outcome() == Outcome.BROKEN && result.report().facts().containsKey(WitnessSettings.SILENT);
    }

    static boolean is(Alert alert) {
        return alert.view().rule().equals(RULE) && alert.view().series().probe().equals(PROBE);
    }

    static String fingerprint(String location) {
        return Alert.fingerprint(RULE, new Series(PROBE, "", location));
    }

    /** Takes in a run that was judged before. */
    void remember(Result result) {
        if (isSilent(result)) {
            cutOff.put(result.series(), result.startedAt());
        }
    }

    /** Where this run leads. */
    Step step(Result result, Moment at) {
        Optional<Episode> open = alert().map(Alert::episode);
        boolean silent = isSilent(result);
        if (silent) {
            series = new Series(PROBE, "", result.series().location());
        }
        remember(result);
        Verdict verdict = silent
                ? new Verdict.Holds(at.start(), Cause.LOCAL_NETWORK, "", result.report().message(), "", 0)
                : open.isPresent() && showsNetwork(result, open.get()) ? new Verdict.Clear("") : new Verdict.Unknown("");
        return AlertMachine.judge(open, past().notBefore(), verdict, patience(), at, Gate.OPEN, true);
    }

    private boolean showsNetwork(Result result, Episode outage) {
        if (result.startedAt().isBefore(outage.startsAt())) {
            return false;
        }
        return switch (result.outcome()) {
            case FAIL -> true;
            case PASS, DEGRADED -> wasCutOff(result, outage);
            case BROKEN -> false;
        };
    }

    private boolean wasCutOff(Result result, Episode outage) {
        Instant remembered = result.endedAt().minus(memory);
        Instant since = remembered.isBefore(outage.startsAt()) ? outage.startsAt() : remembered;
        cutOff.values().removeIf(at -> at.truncatedTo(ChronoUnit.MILLIS).isBefore(since));
        return cutOff.isEmpty() || cutOff.containsKey(result.series());
    }

    Timing patience() {
        return flaps() ? AT_ONCE.flapping() : AT_ONCE;
    }

    static Alert.Text text(Result result) {
        return new Alert.Text(
                Cause.LOCAL_NETWORK, result.report().message() + "; what runs find meanwhile is held against no target", "");
    }

    @Override
    Alert begin(Episode episode, Alert.Text text) {
        String fingerprint = Alert.fingerprint(RULE, series);
        var view = new AlertView(
                Alert.id(fingerprint, episode),
                fingerprint,
                RULE,
                series,
                AlertView.OWN,
                "",
                Severity.CRITICAL,
                episode.state(),
                text.cause(),
                text.message(),
                text.evidence(),
                episode.startsAt(),
                episode.firedAt(),
                Optional.empty(),
                "",
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new Handling(past().incident(episode.startsAt()), Optional.empty(), Optional.empty(), false, java.util.List.of()));
        return new Alert(view, episode, new LinkedHashMap<>());
    }

    @Override
    boolean calmsFlapping() {
        return true;
    }
}
