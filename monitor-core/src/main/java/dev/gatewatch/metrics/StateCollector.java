package dev.gatewatch.metrics;

import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.ConfigStatus;
import dev.gatewatch.view.Snapshot;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.Supplier;

/** The daemon's own state as gauges: alerts, channels, configuration, build. Safe for many threads. */
final class StateCollector implements MultiCollector {
    private final Labels build;
    private final Supplier<Snapshot> snapshots;
    private final Supplier<ConfigStatus> configuration;

    StateCollector(String version, Supplier<Snapshot> snapshots, Supplier<ConfigStatus> configuration) {
        this.build = Labels.of("version", version, "java", Runtime.version().toString());
        this.snapshots = snapshots;
        this.configuration = configuration;
    }

    @Override
    public MetricSnapshots collect() {
        Snapshot snapshot = snapshots.get();
        var families = new Families();
        families.info("gatewatch_build_info", "The daemon's version and the Java it runs on", build);
        alerts(families, snapshot);
        channels(families, snapshot);
        ConfigStatus config = configuration.get();
        families.gauge(
                "gatewatch_config_last_reload_successful",
                "Whether the latest configuration was taken",
                Labels.EMPTY,
                config.lastReloadOk() ? 1 : 0);
        families.gauge(
                "gatewatch_config_last_reload_success_timestamp_seconds",
                "When the running configuration was taken",
                Labels.EMPTY,
                config.loadedAt().toEpochMilli() / 1e3);
        families.gauge(
                "gatewatch_snapshot_timestamp_seconds",
                "When results were judged last; stands still when judging does",
                Labels.EMPTY,
                snapshot.at().toEpochMilli() / 1e3);
        return families.snapshots();
    }

    private static void alerts(Families families, Snapshot snapshot) {
        for (AlertView.State state : AlertView.State.values()) {
            for (AlertView.Severity severity : AlertView.Severity.values()) {
                long count = snapshot.alerts().stream()
                        .filter(a -> a.state() == state && a.severity() == severity)
                        .count();
                families.gauge(
                        "gatewatch_alerts",
                        "Alerts by state and severity; resolved ones of the last 24 hours",
                        Labels.of("state", state.code(), "severity", severity.code()),
                        (double) count);
            }
        }
    }

    private static void channels(Families families, Snapshot snapshot) {
        snapshot.channels().forEach(c -> {
            Labels labels = Labels.of("channel", c.name(), "type", c.type(), "lane", c.lane());
            families.gauge("gatewatch_outbox_notices", "Notices that wait to be delivered", labels, (double) c.queued());
            families.gauge("gatewatch_dead_notices", "Notices given up for good, kept in the store", labels, (double) c.dead());
            families.gauge(
                    "gatewatch_channel_failing",
                    "Whether the receiver refused or failed the latest delivery",
                    labels,
                    c.lastError().isEmpty() ? 0 : 1);
        });
    }
}
