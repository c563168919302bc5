package dev.gatewatch.probes.resources;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** One value of one series of a metrics page. Immutable. */
record Sample(String metric, SequencedMap<String, String> labels, double value) {
    Sample {
        labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
    }

    /** A label's value; empty where there is none, which Prometheus takes for the same. */
    String label(String name) {
        return labels.getOrDefault(name, "");
    }
}
