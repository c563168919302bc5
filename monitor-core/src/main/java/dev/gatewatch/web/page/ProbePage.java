package dev.gatewatch.web.page;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Result;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.SeriesView;
import dev.gatewatch.view.Snapshot;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All about one probe. Immutable.
 *
 * @param regions one for a probe without regions
 * @param region whose chart, usual ranges and facts are shown
 * @param usual what is learnt of that region, latency first; empty where nothing is
 * @param results the latest runs of all regions, newest first
 */
public record ProbePage(
        String name,
        String path,
        String type,
        String every,
        String timeout,
        SequencedMap<String, String> labels,
        State worst,
        List<SeriesRow> regions,
        String region,
        List<UsualRow> usual,
        List<FactRow> facts,
        String factsAt,
        List<AlertCard> alerts,
        List<RunRow> results,
        String updatedAt) {
    /** How many runs the page lists. */
    public static final int RUNS = 40;

    /** A fact of the last run. */
    public record FactRow(String name, String value, String meaning) {}

    /**
     * @param region whose chart and facts to show; the worst one where this is empty or unknown
     * @return nothing where there is no such probe
     */
    public static Optional<ProbePage> of(
            Snapshot snapshot, String name, String region, List<Result> results, Instant now) {
        List<SeriesView> series = snapshot.probes().stream()
                .filter(s -> s.series().probe().equals(name))
                .toList();
        if (series.isEmpty()) {
            return Optional.empty();
        }
        SeriesView chosen = series.stream()
                .filter(s -> !region.isEmpty() && s.series().region().equals(region))
                .findFirst()
                .orElseGet(() -> series.stream()
                        .min(Comparator.comparing((SeriesView s) -> State.of(s.last())))
                        .orElse(series.getFirst()));
        List<SeriesRow> rows = series.stream().map(s -> SeriesRow.of(s, now)).toList();
        return Optional.of(new ProbePage(
                name,
                Words.probePath(name),
                chosen.type(),
                Durations.format(chosen.interval()),
                Durations.format(chosen.timeout()),
                chosen.labels(),
                rows.stream().map(SeriesRow::state).min(State::compareTo).orElse(State.WAITING),
                rows,
                chosen.series().region(),
                chosen.baselines().stream().map(UsualRow::of).toList(),
                facts(chosen),
                chosen.last().map(r -> r.startedAt().toString()).orElse(""),
                snapshot.alerts().stream()
                        .filter(a -> a.series().probe().equals(name))
                        .sorted(Comparator.comparing((AlertView a) -> a.state() != AlertView.State.FIRING))
                        .limit(20)
                        .map(a -> AlertCard.of(a, now))
                        .toList(),
                results.stream().map(RunRow::of).toList(),
                snapshot.at().toString()));
    }

    private static List<FactRow> facts(SeriesView s) {
        var specs = s.facts().stream().collect(Collectors.toMap(FactSpec::name, Function.identity(), (a, _) -> a));
        return s.last().stream()
                .flatMap(r -> r.report().facts().entrySet().stream())
                .map(f -> {
                    Optional<FactSpec> spec = Optional.ofNullable(specs.get(f.getKey()));
                    return new FactRow(
                            Words.plain(f.getKey()),
                            Words.fact(f.getValue(), spec.flatMap(FactSpec::metric).orElse("")),
                            spec.map(FactSpec::meaning).orElse(""));
                })
                .toList();
    }
}
