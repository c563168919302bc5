package dev.gatewatch.probes.instances;

import dev.gatewatch.config.HostPort;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The instances as each source has them, and what is wrong between them. Immutable.
 *
 * @param behind the name; absent where none is configured
 * @param registered in the registry; absent where none is configured
 * @param expected by the configuration; absent where it does not say
 */
record InstanceSets(Optional<Set<HostPort>> behind, Optional<Set<HostPort>> registered, Optional<Set<HostPort>> expected) {
    /** All of them, each once. */
    Set<HostPort> all() {
        var all = new LinkedHashSet<HostPort>();
        behind.ifPresent(all::addAll);
        registered.ifPresent(all::addAll);
        expected.ifPresent(all::addAll);
        return all;
    }

    /** Those that should be there and are not, with where they are missing. */
    List<String> missing() {
        var missing = new ArrayList<String>();
        expected.ifPresent(want -> {
            registered.ifPresent(have -> less(want, have, "is not in the registry", missing));
            behind.ifPresent(have -> less(want, have, "is not behind the name", missing));
        });
        if (expected.isEmpty() && registered.isPresent()) {
            behind.ifPresent(have -> less(registered.get(), have, "is in the registry and not behind the name", missing));
        }
        return missing;
    }

    /** Those that are there and should not be. */
    List<String> unexpected() {
        var unexpected = new ArrayList<String>();
        expected.ifPresent(want -> {
            registered.ifPresent(have -> less(have, want, "is in the registry and not expected", unexpected));
            behind.ifPresent(have -> less(have, want, "is behind the name and not expected", unexpected));
        });
        if (expected.isEmpty() && registered.isPresent()) {
            behind.ifPresent(
                    have -> less(have, registered.get(), "is behind the name and not in the registry", unexpected));
        }
        return unexpected;
    }

    private static void less(Set<HostPort> from, Set<HostPort> without, String words, List<String> into) {
        from.stream().filter(i -> !without.contains(i)).forEach(i -> into.add(i + " " + words));
    }
}
