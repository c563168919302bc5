package dev.gatewatch.engine;

import dev.gatewatch.probe.Series;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** What is to be watched: every probe and region of the running configuration. Immutable. */
public final class Plan {
    private final SequencedMap<Series, ProbeSpec> probes;

    public Plan(List<ProbeSpec> probes) {
        var map = new LinkedHashMap<Series, ProbeSpec>();
        for (ProbeSpec probe : probes) {
            if (map.put(probe.series(), probe) != null) {
                throw new IllegalArgumentException("two probes for " + probe.series());
            }
        }
        this.probes = Collections.unmodifiableSequencedMap(map);
    }

    /** In the order of the configuration. */
    public SequencedMap<Series, ProbeSpec> probes() {
        return probes;
    }

    /**
     * A probe that another depends on, as that one sees it: of a parent with regions the own region's series counts where there is one,
     * else all of them together.
     *
     * @param series not empty; the parent is down when all of them are
     */
    public record Parent(String probe, List<Series> series) {
        public Parent {
            series = List.copyOf(series);
        }
    }

    /** The parents of a series, in the order of the configuration; names that no probe has are left out. */
    public List<Parent> parents(ProbeSpec child) {
        var found = new ArrayList<Parent>();
        var members = new LinkedHashMap<String, List<Series>>();
        probes.keySet().stream()
                .filter(s -> child.dependsOn().contains(s.probe()))
                .forEach(s -> members.computeIfAbsent(s.probe(), _ -> new ArrayList<>()).add(s));
        members.forEach((probe, series) -> {
            var own = series.stream()
                    .filter(s -> s.region().equals(child.series().region()))
                    .toList();
            found.add(new Parent(probe, own.isEmpty() ? series : own));
        });
        return List.copyOf(found);
    }

    public Optional<ProbeSpec> find(Series series) {
        return Optional.ofNullable(probes.get(series));
    }
}
