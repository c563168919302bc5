package dev.gatewatch.probes.resources;

import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HttpRequest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What one resources probe reads and makes of it. Immutable; every name in it is defined.
 *
 * @param rates name of each rate to the value that it is the rate of
 */
record ResourcesConfig(
        HttpRequest request,
        ClientSettings settings,
        Format format,
        SequencedMap<String, ValueSpec> values,
        SequencedMap<String, String> rates,
        SequencedMap<String, Ratio> ratios,
        SequencedMap<String, Quantile> quantiles,
        SequencedMap<String, Threshold> thresholds,
        List<Exhaustion> exhaustions) {
    /** How the target tells its metrics. */
    enum Format {
        /** One page of all metrics in Prometheus's text format or OpenMetrics. */
        PROMETHEUS,
        /** Spring Boot Actuator's JSON, one request for each value. */
        ACTUATOR
    }

    ResourcesConfig {
        values = copy(values);
        rates = copy(rates);
        ratios = copy(ratios);
        quantiles = copy(quantiles);
        thresholds = copy(thresholds);
        exhaustions = List.copyOf(exhaustions);
    }

    private static <V> SequencedMap<String, V> copy(Map<String, V> map) {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
    }

    /** What a name means, which changes when the configuration gives it another meaning. */
    String meaning(String name) {
        ValueSpec value = values.get(name);
        if (value != null) {
            return value.selector().text();
        }
        String counter = rates.get(name);
        if (counter != null) {
            return "rate of " + meaning(counter);
        }
        Ratio ratio = ratios.get(name);
        return ratio != null
                ? meaning(ratio.part()) + " / " + meaning(ratio.whole())
                : String.valueOf(quantiles.get(name));
    }
}
