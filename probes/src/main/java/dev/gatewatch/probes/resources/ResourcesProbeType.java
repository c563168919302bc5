package dev.gatewatch.probes.resources;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.Phase;
import dev.gatewatch.probes.httpclient.RequestKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** {@code type: resources}: a target's own metrics, held to bounds and followed to where they lead. */
public final class ResourcesProbeType implements ProbeType {
    static final Key<ResourcesConfig.Format> FORMAT = Key.withDefault(
            "format",
            Types.oneOf(ResourcesConfig.Format.class),
            ResourcesConfig.Format.PROMETHEUS,
            "prometheus",
            "What the URL is: prometheus, a page in Prometheus's text format or OpenMetrics; or actuator, the address of Spring Boot's"
                    + " metrics (…/actuator/metrics), under which each value is asked for by itself.");
    static final Key<SequencedMap<String, ValueSpec>> VALUES = Key.withDefault(
            "values",
            Types.map(Types.name(), ValueSpec.TYPE),
            new LinkedHashMap<>(),
            "{}",
            "Values to read, by the names that facts and the other keys use.");
    static final Key<SequencedMap<String, String>> RATES = Key.withDefault(
            "rates",
            Types.map(Types.name(), Types.name()),
            new LinkedHashMap<>(),
            "{}",
            "Growth per second since the last run, by a name of its own: the name of a value that is a counter. A counter that begins anew"
                    + " is understood; the first run has no rate.");
    static final Key<SequencedMap<String, Ratio>> RATIOS = Key.withDefault(
            "ratios",
            Types.map(Types.name(), Ratio.TYPE),
            new LinkedHashMap<>(),
            "{}",
            "One value or rate divided by another, by a name of its own: used / size.");
    static final Key<SequencedMap<String, Quantile>> QUANTILES = Key.withDefault(
            "quantiles",
            Types.map(Types.name(), Quantile.TYPE),
            new LinkedHashMap<>(),
            "{}",
            "Quantiles of what histograms observed since the last run, by names of their own. Only with format: prometheus.");
    static final Key<SequencedMap<String, Threshold>> EXPECT = Key.withDefault(
            "expect",
            Types.map(Types.name(), Threshold.TYPE),
            new LinkedHashMap<>(),
            "{}",
            "Bounds, by the name of a value, rate, ratio or quantile.");
    static final Key<List<Exhaustion>> EXHAUSTS = Key.withDefault(
            "exhausts",
            Types.list(Exhaustion.TYPE, 0),
            List.of(),
            "[]",
            "What can be used up: where it is seen, where it ends, and how long before somebody has to know. The trend is the median of all"
                    + " slopes (Theil-Sen), so that single outliers do not move it; values that go up and down have none.");

    private static final List<Key<?>> OWN = List.of(FORMAT, VALUES, RATES, RATIOS, QUANTILES, EXPECT, EXHAUSTS);

    @Override
    public String name() {
        return "resources";
    }

    @Override
    public String description() {
        return "Reads a target's own metrics (Prometheus text, OpenMetrics, Spring Boot Actuator): values, rates, ratios and quantiles with"
                + " bounds, and the time until a resource is used up.";
    }

    @Override
    public List<Key<?>> keys() {
        var keys = new ArrayList<Key<?>>(List.of(RequestKeys.URL));
        keys.addAll(OWN);
        keys.addAll(List.of(RequestKeys.HEADERS, RequestKeys.AUTH));
        keys.addAll(ClientSettings.KEYS);
        return List.copyOf(keys);
    }

    @Override
    public Key<?> endpoint() {
        return RequestKeys.URL;
    }

    @Override
    public List<FactSpec> facts() {
        return ResourceFacts.SPECS;
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
        Names.check(section);
        return new ResourcesProbe(new ResourcesConfig(
                MetricsRequest.read(section),
                ClientSettings.read(section),
                section.get(FORMAT),
                section.get(VALUES),
                section.get(RATES),
                section.get(RATIOS),
                section.get(QUANTILES),
                section.get(EXPECT),
                section.get(EXHAUSTS)));
    }
}
