package dev.gatewatch.probes.drift;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.httpclient.HttpFacts;
import dev.gatewatch.probes.httpclient.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Probes that compare a service's settings or versions with what they should be. */
public final class DriftProbeType implements ProbeType {
    static final String KEYS = "keys";
    static final String DIFFERING = "differing";
    static final String VERSIONS = "differing_versions";
    static final String BROKEN_RULES = "broken_rules";
    static final String FINGERPRINT = "fingerprint";

    @Override
    public String name() {
        return "drift";
    }

    @Override
    public String description() {
        return "Compares a service's settings or versions (JSON, YAML, .properties, Spring's /actuator/env and /actuator/info, or a file) with"
                + " a pinned reference, with another environment's or with what was seen before, and with rules on single values.";
    }

    @Override
    public List<Key<?>> keys() {
        return DriftKeys.ALL;
    }

    @Override
    public Key<?> endpoint() {
        return DriftKeys.URL;
    }

    @Override
    public List<FactSpec> facts() {
        var specs = new ArrayList<>(List.of(
                FactSpec.gauge(KEYS, "probe_drift_keys", "Values of the document that count."),
                FactSpec.gauge(
                        DIFFERING, "probe_drift_differing", "Values that are not as the reference or a rule wants them."),
                FactSpec.gauge(VERSIONS, "probe_drift_differing_versions", "Those of them that are versions."),
                FactSpec.gauge(BROKEN_RULES, "probe_drift_broken_rules", "Those of them that require or forbid speak of."),
                FactSpec.plain(FINGERPRINT, "Short hash of all values that count: changes when one of them does.")));
        specs.addAll(HttpFacts.SPECS);
        return List.copyOf(specs);
    }

    @Override
    public List<String> phases() {
        return Phase.NAMES;
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_http_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        return new DriftProbe(DriftKeys.read(section));
    }
}
