package dev.gatewatch.web.page;

import dev.gatewatch.view.SeriesView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * A probe with its regions, as the overview lists it. Immutable.
 *
 * @param worst the worst state among its regions
 * @param rows how many table rows it takes: one a region, and one more where there is something to say
 */
public record ProbeRow(
        String name,
        String path,
        String type,
        String target,
        SequencedMap<String, String> labels,
        State worst,
        int rows,
        List<SeriesRow> regions) {
    /** All probes, in the order of the configuration. */
    static List<ProbeRow> all(List<SeriesView> series, Instant now) {
        var byProbe = new LinkedHashMap<String, List<SeriesView>>();
        series.forEach(s -> byProbe.computeIfAbsent(s.series().probe(), _ -> new ArrayList<>()).add(s));
        return byProbe.values().stream().map(regions -> of(regions, now)).toList();
    }

    private static ProbeRow of(List<SeriesView> series, Instant now) {
        SeriesView first = series.getFirst();
        List<SeriesRow> regions = series.stream().map(s -> SeriesRow.of(s, now)).toList();
        State worst = regions.stream().map(SeriesRow::state).min(State::compareTo).orElse(State.WAITING);
        int rows = regions.stream()
                .mapToInt(r -> r.message().isEmpty() && r.silent().isEmpty() ? 1 : 2)
                .sum();
        return new ProbeRow(
                first.series().probe(),
                Words.probePath(first.series().probe()),
                first.type(),
                series.size() == 1 ? first.target() : Words.count(series.size(), "region"),
                first.labels(),
                worst,
                rows,
                regions);
    }

    /** Whether name, type, targets, regions, labels or messages hold the text. */
    boolean matches(String text) {
        String t = text.toLowerCase(java.util.Locale.ROOT);
        return name.toLowerCase(java.util.Locale.ROOT).contains(t)
                || type.contains(t)
                || labels.entrySet().stream().anyMatch(l -> (l.getKey() + ":" + l.getValue())
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains(t))
                || regions.stream().anyMatch(r -> (r.region() + " " + r.target() + " " + r.message() + " " + r.cause())
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains(t));
    }
}
