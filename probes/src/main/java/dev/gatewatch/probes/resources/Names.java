package dev.gatewatch.probes.resources;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.probes.resources.Exhaustion.Limit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Holds the names that a section's parts use for each other together. */
final class Names {
    /** Each takes a place in the memory of a series, which has a hundred. */
    private static final int MOST_KEPT = 40;

    /** So many facts of one family are kept of a run. */
    private static final int MOST = 400;

    private Names() {}

    /** Tells the section what does not fit. */
    static void check(Section s) {
        Set<String> values = s.get(ResourcesProbeType.VALUES).keySet();
        Set<String> rates = s.get(ResourcesProbeType.RATES).keySet();
        Set<String> all = new LinkedHashSet<>();
        for (Key<?> key : List.of(
                ResourcesProbeType.VALUES,
                ResourcesProbeType.RATES,
                ResourcesProbeType.RATIOS,
                ResourcesProbeType.QUANTILES)) {
            if (s.find(key).orElseThrow() instanceof java.util.Map<?, ?> map) {
                map.keySet().forEach(name -> {
                    if (!all.add(name.toString())) {
                        s.problem(key, "the name \"" + name + "\" is taken already; each needs one of its own");
                    }
                });
            }
        }
        if (all.isEmpty()) {
            s.problem(ResourcesProbeType.VALUES, "nothing is read; name at least one value or quantile");
        }
        if (all.size() > MOST) {
            s.problem(ResourcesProbeType.VALUES, "more than " + MOST + " names; split the probe");
        }
        Set<String> divisible = new LinkedHashSet<>(values);
        divisible.addAll(rates);
        s.get(ResourcesProbeType.RATES).values().forEach(of -> known(s, ResourcesProbeType.RATES, of, values, "value"));
        s.get(ResourcesProbeType.RATIOS).values().forEach(ratio -> {
            known(s, ResourcesProbeType.RATIOS, ratio.part(), divisible, "value or rate");
            known(s, ResourcesProbeType.RATIOS, ratio.whole(), divisible, "value or rate");
        });
        s.get(ResourcesProbeType.EXPECT)
                .keySet()
                .forEach(name -> known(s, ResourcesProbeType.EXPECT, name, all, "value, rate, ratio or quantile"));
        exhaustions(s, all);
        if (s.get(ResourcesProbeType.FORMAT) == ResourcesConfig.Format.ACTUATOR) {
            actuator(s);
        }
    }

    private static void exhaustions(Section s, Set<String> all) {
        List<Exhaustion> exhausts = s.get(ResourcesProbeType.EXHAUSTS);
        Set<String> seen = new LinkedHashSet<>();
        for (Exhaustion each : exhausts) {
            known(s, ResourcesProbeType.EXHAUSTS, each.value(), all, "value, rate, ratio or quantile");
            if (each.limit() instanceof Limit.Named(String name)) {
                known(s, ResourcesProbeType.EXHAUSTS, name, all, "number, and no value, rate, ratio or quantile");
            }
            if (!seen.add(each.value())) {
                s.problem(ResourcesProbeType.EXHAUSTS, "\"" + each.value() + "\" stands twice; one limit is reached first");
            }
        }
        if (exhausts.size() + s.get(ResourcesProbeType.QUANTILES).size() > MOST_KEPT) {
            s.problem(
                    ResourcesProbeType.EXHAUSTS,
                    "more than " + MOST_KEPT + " trends and quantiles together; split the probe");
        }
    }

    private static void actuator(Section s) {
        if (!s.get(ResourcesProbeType.QUANTILES).isEmpty()) {
            s.problem(
                    ResourcesProbeType.QUANTILES,
                    "Actuator's JSON has no histograms; read its Prometheus page (/actuator/prometheus) for quantiles");
        }
        s.get(ResourcesProbeType.VALUES).values().forEach(value -> ActuatorMetric.unfit(value.selector())
                .ifPresent(why -> s.problem(ResourcesProbeType.VALUES, value.selector() + ": " + why)));
    }

    private static void known(Section s, Key<?> key, String name, Set<String> names, String what) {
        if (!names.contains(name)) {
            s.reading()
                    .problems()
                    .error(
                            s.at(key),
                            "\"" + name + "\" is no " + what + " of this probe",
                            Suggestions.didYouMean(name, names).orElse("known: " + String.join(", ", names)));
        }
    }
}
