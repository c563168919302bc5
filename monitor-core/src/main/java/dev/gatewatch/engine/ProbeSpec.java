package dev.gatewatch.engine;

import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * One probe in one region, ready to be scheduled. Immutable.
 *
 * @param labels the user's own, in the order of the file
 * @param timeout at most the interval
 * @param zone whose days and weeks it follows; the machine's where empty
 * @param dependsOn names of the probes without which this one cannot work: while they fail, nobody is told that it fails
 * @param fingerprint equal for two specs that were configured alike: such a probe goes on undisturbed over a reload
 */
public record ProbeSpec(
        Series series,
        ProbeType type,
        SequencedMap<String, String> labels,
        Duration interval,
        Duration timeout,
        Probe probe,
        String fingerprint,
        Optional<ZoneId> zone,
        Set<String> dependsOn) {
    public ProbeSpec {
        labels = Collections.unmodifiableSequencedMap(new java.util.LinkedHashMap<>(labels));
        dependsOn = Set.copyOf(dependsOn);
    }

    /** One that depends on no other, and follows the machine's days. */
    public ProbeSpec(
            Series series,
            ProbeType type,
            SequencedMap<String, String> labels,
            Duration interval,
            Duration timeout,
            Probe probe,
            String fingerprint) {
        this(series, type, labels, interval, timeout, probe, fingerprint, Optional.empty(), Set.of());
    }

    /** The same, depending on these. */
    public ProbeSpec dependingOn(Set<String> probes) {
        return probes.equals(dependsOn)
                ? this
                : new ProbeSpec(series, type, labels, interval, timeout, probe, fingerprint, zone, probes);
    }
}
