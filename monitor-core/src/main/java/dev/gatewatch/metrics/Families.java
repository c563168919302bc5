package dev.gatewatch.metrics;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Gathers data points into metric families, each name once with one type and one help text, and each label set once in a family.
 * Confined to the thread that makes one scrape.
 */
final class Families {
    private static final String INFO = "_info";

    private final Map<String, Family> families = new LinkedHashMap<>();

    private record Family(String help, boolean info, Map<Labels, Double> points) {}

    /** Adds a point; the first help text of a name stands. Names that Prometheus would not take are left out. */
    void gauge(String name, String help, Labels labels, double value) {
        add(name, help, false, labels, value);
    }

    /** Adds an info point of value 1; a name that does not end in {@code _info} becomes a gauge of value 1. */
    void info(String name, String help, Labels labels) {
        add(name, help, name.endsWith(INFO), labels, 1);
    }

    private void add(String name, String help, boolean info, Labels labels, double value) {
        if (!PrometheusNaming.isValidLegacyMetricName(name)) {
            return;
        }
        Family family = families.computeIfAbsent(
                name, n -> new Family(BlackboxHelp.of(n, help), info, new LinkedHashMap<>()));
        if (family.info() == info) {
            family.points().putIfAbsent(labels, value);
        }
    }

    /** The value of a metric that has no labels; nothing where there is none. */
    Optional<Double> value(String name) {
        return Optional.ofNullable(families.get(name)).flatMap(f -> Optional.ofNullable(f.points().get(Labels.EMPTY)));
    }

    MetricSnapshots snapshots() {
        var all = MetricSnapshots.builder();
        families.forEach((name, family) -> {
            if (family.info()) {
                var base = new MetricMetadata(name.substring(0, name.length() - INFO.length()), family.help());
                all.metricSnapshot(new InfoSnapshot(
                        base,
                        family.points().keySet().stream()
                                .map(InfoDataPointSnapshot::new)
                                .toList()));
            } else {
                all.metricSnapshot(new GaugeSnapshot(
                        new MetricMetadata(name, family.help()),
                        family.points().entrySet().stream()
                                .map(p -> new GaugeDataPointSnapshot(p.getValue(), p.getKey(), null))
                                .toList()));
            }
        });
        return all.build();
    }
}
