package dev.gatewatch.probes.resources;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a target said of each value. Immutable.
 *
 * @param numbers by the value's name; those that are not there are missing
 * @param missing why, for a person, by the value's name
 * @param histograms the buckets of each quantile's histogram
 */
record Readings(
        Map<String, Double> numbers, Map<String, String> missing, Map<String, Buckets> histograms, long series) {
    Readings {
        numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
        missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
        histograms = Collections.unmodifiableMap(new LinkedHashMap<>(histograms));
    }

    OptionalDouble number(String name) {
        Double number = numbers.get(name);
        return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
    }
}
