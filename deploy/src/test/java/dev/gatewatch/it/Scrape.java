package dev.gatewatch.it;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The samples of one scrape in Prometheus' text format: values by name and labels. Immutable. */
record Scrape(Map<String, Double> samples) {
    Scrape {
        samples = Collections.unmodifiableMap(samples);
    }

    /** Labels in the order of their names, as the order within a line means nothing. */
    static Scrape parse(String text) {
        var samples = new TreeMap<String, Double>();
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            int end = line.lastIndexOf(' ');
            String key = line.substring(0, end);
            int brace = key.indexOf('{');
            String sorted = brace < 0 ? key : key.substring(0, brace) + sorted(key.substring(brace + 1, key.length() - 1));
            samples.put(sorted, Double.valueOf(line.substring(end + 1)));
        });
        return new Scrape(samples);
    }

    private static String sorted(String labels) {
        // a comma within a value stands before no label name
        return Arrays.stream(labels.split(",(?=[a-zA-Z_][a-zA-Z0-9_]*=\")"))
                .filter(label -> !label.isEmpty())
                .sorted()
                .collect(Collectors.joining(",", "{", "}"));
    }
}
