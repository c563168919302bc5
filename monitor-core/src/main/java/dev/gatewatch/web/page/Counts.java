package dev.gatewatch.web.page;

import dev.gatewatch.probe.Outcome;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.SeriesView;
import dev.gatewatch.view.Snapshot;
import java.util.EnumMap;

/**
 * How many of what a snapshot holds. Immutable.
 *
 * @param series probes counted once for each region
 * @param waiting series before their first run
 */
public record Counts(
        int probes,
        int series,
        int pass,
        int degraded,
        int fail,
        int broken,
        int waiting,
        int pending,
        int firing,
        int resolved) {
    public static Counts of(Snapshot snapshot) {
        var outcomes = new EnumMap<Outcome, Integer>(Outcome.class);
        int waiting = 0;
        for (SeriesView s : snapshot.probes()) {
            if (s.last().isPresent()) {
                outcomes.merge(s.last().get().outcome(), 1, Integer::sum);
            } else {
                waiting++;
            }
        }
        var states = new EnumMap<AlertView.State, Integer>(AlertView.State.class);
        snapshot.alerts().forEach(a -> states.merge(a.state(), 1, Integer::sum));
        return new Counts(
                (int) snapshot.probes().stream().map(s -> s.series().probe()).distinct().count(),
                snapshot.probes().size(),
                outcomes.getOrDefault(Outcome.PASS, 0),
                outcomes.getOrDefault(Outcome.DEGRADED, 0),
                outcomes.getOrDefault(Outcome.FAIL, 0),
                outcomes.getOrDefault(Outcome.BROKEN, 0),
                waiting,
                states.getOrDefault(AlertView.State.PENDING, 0),
                states.getOrDefault(AlertView.State.FIRING, 0),
                states.getOrDefault(AlertView.State.RESOLVED, 0));
    }
}
