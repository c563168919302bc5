package dev.gatewatch.alerting.alert;

import dev.gatewatch.engine.WitnessSettings;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import dev.gatewatch.view.Handling;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * The one alert about ourselves while this machine has no network: begins with the first run that found the witnesses silent, and ends with
 * the first run after it that says something. Pure functions.
 */
final class OwnNetwork {
    private static final String RULE = "own network";
    private static final String PROBE = "gatewatch";

    private OwnNetwork() {}

    /** Whether a run found that our own network is down. */
    static boolean isSilent(Result result) {
        return result.outcome() == Outcome.BROKEN && result.report().facts().containsKey(WitnessSettings.SILENT);
    }

    static boolean is(Alert alert) {
        return alert.view().rule().equals(RULE) && alert.view().series().probe().equals(PROBE);
    }

    static Alert begin(Result result, Instant startedAt, Instant endedAt) {
        var series = new Series(PROBE, "", result.series().location());
        var episode = Episode.pending(startedAt, startedAt, 0).fired(endedAt);
        String fingerprint = Alert.fingerprint(RULE, series);
        var view = new AlertView(
                fingerprint + "-" + Long.toString(startedAt.toEpochMilli(), Character.MAX_RADIX),
                fingerprint,
                RULE,
                series,
                "gatewatch",
                "",
                Severity.CRITICAL,
                State.FIRING,
                Cause.LOCAL_NETWORK,
                result.report().message() + "; what runs find meanwhile is held against no target",
                "",
                episode.startsAt(),
                episode.firedAt(),
                Optional.empty(),
                "",
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                Handling.NONE);
        return new Alert(view, episode, new LinkedHashMap<>());
    }

    static Alert end(Alert alert, Instant at) {
        return alert.with(alert.episode().resolved(at, Episode.HEALED));
    }

}
