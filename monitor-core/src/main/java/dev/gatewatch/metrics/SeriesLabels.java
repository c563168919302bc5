package dev.gatewatch.metrics;

import dev.gatewatch.view.SeriesView;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The labels of a series' metrics: our own five, then the user's. */
final class SeriesLabels {
    private SeriesLabels() {}

    /**
     * The labels of one series. The user's are renamed as far as Prometheus demands: characters that it does not know become
     * {@code _}; a name in {@code reserved}, or one of our own, is preceded by {@code exported_}, as Prometheus itself does.
     *
     * @param reserved label names that the metrics add themselves, such as {@code phase}
     */
    static Labels of(SeriesView view, Set<String> reserved) {
        var names = new ArrayList<>(List.of("probe", "type", "target", "region", "location"));
        var values = new ArrayList<>(List.of(
                view.series().probe(),
                view.type(),
                view.target(),
                view.series().region(),
                view.series().location()));
        var taken = new HashSet<>(reserved);
        taken.addAll(names);
        view.labels().forEach((name, value) -> {
            String legal = legal(name);
            while (!taken.add(legal)) {
                legal = "exported_" + legal;
            }
            names.add(legal);
            values.add(value);
        });
        return Labels.of(names, values);
    }

    private static String legal(String name) {
        // the old character set: newer ones are legal in Prometheus 3, and break older servers and most queries
        String legal = name.replaceAll("[^A-Za-z0-9_]", "_");
        if (legal.isEmpty() || Character.isDigit(legal.charAt(0))) {
            legal = "_" + legal;
        }
        // names with two underscores in front are Prometheus' own
        return legal.startsWith("__") ? "label" + legal : PrometheusNaming.sanitizeLabelName(legal);
    }
}
