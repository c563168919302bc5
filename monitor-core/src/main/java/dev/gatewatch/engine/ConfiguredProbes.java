package dev.gatewatch.engine;

import java.util.List;
import java.util.Set;

/**
 * The probes of a configuration. Immutable.
 *
 * @param specs those that are to run, one for each region, in the order of the file
 * @param disabled the names of those that are switched off
 */
public record ConfiguredProbes(List<ProbeSpec> specs, Set<String> disabled) {
    /** No probes at all. */
    public static final ConfiguredProbes NONE = new ConfiguredProbes(List.of(), Set.of());

    public ConfiguredProbes {
        specs = List.copyOf(specs);
        disabled = Set.copyOf(disabled);
    }
}
