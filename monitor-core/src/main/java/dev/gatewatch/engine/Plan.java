package dev.gatewatch.engine;

import dev.gatewatch.probe.Series;
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

    public Optional<ProbeSpec> find(Series series) {
        return Optional.ofNullable(probes.get(series));
    }
}
