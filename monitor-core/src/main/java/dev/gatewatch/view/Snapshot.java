package dev.gatewatch.view;

import java.time.Instant;
import java.util.List;

/**
 * The daemon's state after a batch; what metrics, API and page show. Immutable.
 *
 * @param probes in the order of the configuration; regions of a probe stand together
 * @param alerts pending and firing ones, and those resolved in the last 24 hours (at most 1,000); firing first, newest first
 */
public record Snapshot(Instant at, List<SeriesView> probes, List<AlertView> alerts, List<ChannelView> channels) {
    public Snapshot {
        probes = List.copyOf(probes);
        alerts = List.copyOf(alerts);
        channels = List.copyOf(channels);
    }

    public static Snapshot empty(Instant at) {
        return new Snapshot(at, List.of(), List.of(), List.of());
    }
}
