package dev.gatewatch.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * The probes of a configuration. Immutable.
 *
 * @param enabled those that are to run, one for each region, in the order of the file
 * @param disabled those that are switched off; whoever takes the configuration closes them
 */
public record ConfiguredProbes(List<ProbeSpec> enabled, List<ProbeSpec> disabled) {
    /** No probes at all. */
    public static final ConfiguredProbes NONE = new ConfiguredProbes(List.of(), List.of());

    public ConfiguredProbes {
        enabled = List.copyOf(enabled);
        disabled = List.copyOf(disabled);
    }

    /** All of them, for checks that do not care which run. */
    public List<ProbeSpec> all() {
        var all = new ArrayList<>(enabled);
        all.addAll(disabled);
        return all;
    }
}
