package dev.gatewatch.probe;

import java.util.List;
import java.util.Optional;

/**
 * A fact that a probe type may report: its name, its meaning, and the metric that carries it. Metrics and the reference page are made
 * from it. Immutable.
 *
 * @param name as in {@link Report#facts()}
 * @param metric the Prometheus gauge, usually blackbox_exporter's name; empty where none carries it
 * @param labels empty for a plain gauge whose value is the fact (a flag is 0 or 1); otherwise the metric is an info metric of value 1
 *     with these labels, each filled by the fact named in {@code labelFacts} at the same place
 * @param family whether it stands for many facts that the configuration or the target names: {@code name.KEY}; each is a plain gauge
 *     with KEY as the value of its one label, or, where it has no label, all are labels of one info metric
 */
public record FactSpec(
        String name, String meaning, Optional<String> metric, List<String> labels, List<String> labelFacts, boolean family) {
    /** Of one family so many facts are kept of a run. */
    public static final int MOST_OF_FAMILY = 500;

    public FactSpec {
        labels = List.copyOf(labels);
        labelFacts = List.copyOf(labelFacts);
        if (!family && labels.size() != labelFacts.size()) {
            throw new IllegalArgumentException("each label needs its fact: " + name);
        }
    }

    /** A fact that only JSON and pages show. */
    public static FactSpec plain(String name, String meaning) {
        return new FactSpec(name, meaning, Optional.empty(), List.of(), List.of(), false);
    }

    /** A number or flag that is also a gauge. */
    public static FactSpec gauge(String name, String metric, String meaning) {
        return new FactSpec(name, meaning, Optional.of(metric), List.of(), List.of(), false);
    }

    /** A text that is shown as the one label of an info metric of value 1. */
    public static FactSpec info(String name, String metric, String label, String meaning) {
        return new FactSpec(name, meaning, Optional.of(metric), List.of(label), List.of(name), false);
    }

    /** Several text facts that are labels of one info metric of value 1; each is also a plain fact. */
    public static FactSpec info(String name, String metric, List<String> labels, List<String> facts, String meaning) {
        return new FactSpec(name, meaning, Optional.of(metric), labels, facts, false);
    }

    /**
     * Many numbers or flags whose names are not known beforehand: facts called {@code name.KEY} become the gauge {@code metric} with the
     * label {@code label} set to KEY. At most {@value #MOST_OF_FAMILY} of a run are kept.
     */
    public static FactSpec family(String name, String metric, String label, String meaning) {
        return new FactSpec(name, meaning, Optional.of(metric), List.of(label), List.of(), true);
    }

    /**
     * Texts whose names are not known beforehand: all facts called {@code name.KEY} of a run together are the labels of one info metric
     * of value 1, each with KEY as the label's name. A KEY that is no label name, or that another label has, is left out of it.
     */
    public static FactSpec infoFamily(String name, String metric, String meaning) {
        return new FactSpec(name, meaning, Optional.of(metric), List.of(), List.of(), true);
    }

    /** Many facts whose names are not known beforehand, called {@code name.KEY}, which only JSON and pages show. */
    public static FactSpec plainFamily(String name, String meaning) {
        return new FactSpec(name, meaning, Optional.empty(), List.of(), List.of(), true);
    }

    /** Whether a fact of this name is meant. */
    public boolean covers(String fact) {
        return family ? key(fact).isPresent() : name.equals(fact);
    }

    /** The KEY of a fact of this family. */
    public Optional<String> key(String fact) {
        return family && fact.length() > name.length() + 1 && fact.startsWith(name) && fact.charAt(name.length()) == '.'
                ? Optional.of(fact.substring(name.length() + 1))
                : Optional.empty();
    }
}
