package dev.gatewatch.engine;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.Types;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which probes depend on which: by the {@code depends_on} key, and by themselves where the key says {@code auto}: what asks a host in a
 * region cannot work where that region's DNS probe of the host's name, or its TCP probe of the very port, fails. Serves one reading, on its
 * thread.
 */
final class Dependencies {
    static final String AUTO = "auto";
    private static final String NONE = "none";

    static final Key<List<String>> KEY = Key.withDefault(
            "depends_on",
            Types.oneOrMore(Types.name()),
            List.of(AUTO),
            AUTO,
            "Probes without which this one cannot work: while one of them fails, nobody is told that this one does, and the notice about that"
                    + " one names it. `auto` stands for the region's own `dns` probe of the same name and its `tcp` probe of the same port;"
                    + " `none` for no dependency.");

    /** What a probe was written to depend on, and where. */
    private record Written(List<String> names, Node at) {}

    private final Map<String, Written> written = new LinkedHashMap<>();

    /** Notes what a probe depends on. */
    void note(String probe, List<String> names, Node at) {
        written.put(probe, new Written(names, at));
    }

    /** Tells of names that no probe has and of circles. */
    void check(Set<String> probes, Problems problems) {
        var known = new TreeSet<>(probes);
        written.forEach((probe, w) -> {
            for (String name : w.names()) {
                if (name.equals(probe)) {
                    problems.error(w.at(), "the probe \"" + probe + "\" cannot depend on itself");
                } else if (!name.equals(AUTO) && !name.equals(NONE) && !known.contains(name)) {
                    problems.error(
                            w.at(),
                            "there is no probe \"" + name + "\" to depend on",
                            Suggestions.didYouMean(name, known).orElse("see the names under probes"));
                }
            }
            if (w.names().contains(NONE) && w.names().size() > 1) {
                problems.error(w.at(), "\"none\" stands alone: it says that there is no dependency");
            }
        });
        written.forEach((probe, w) -> circle(probe)
                .ifPresent(way -> problems.error(
                        w.at(), "probes depend on each other in a circle: " + String.join(" → ", way))));
    }

    private List<String> names(String probe) {
        Written w = written.get(probe);
        return w == null ? List.of() : w.names();
    }

    /** The shortest way from a probe back to itself; of a circle's members only the first in the file tells it. */
    private Optional<List<String>> circle(String start) {
        Deque<List<String>> ways = new ArrayDeque<>(List.of(List.of(start)));
        var seen = new HashSet<String>();
        while (!ways.isEmpty()) {
            List<String> way = ways.removeFirst();
            for (String next : names(way.getLast())) {
                var longer = new ArrayList<>(way);
                longer.add(next);
                if (next.equals(start)) {
                    var order = List.copyOf(written.keySet());
                    boolean first = order.stream().filter(way::contains).findFirst().equals(Optional.of(start));
                    return way.size() > 1 && first ? Optional.of(longer) : Optional.empty();
                }
                if (seen.add(next)) {
                    ways.add(longer);
                }
            }
        }
        return Optional.empty();
    }

    /** The specs with the names of their parents. */
    List<ProbeSpec> resolved(List<ProbeSpec> specs) {
        var found = new HashMap<String, Set<String>>();
        for (ProbeSpec spec : specs) {
            endpoint(spec).filter(_ -> isNetwork(spec)).ifPresent(at -> found.computeIfAbsent(
                            key(spec.type().name(), spec.series().region(), at), _ -> new TreeSet<>())
                    .add(spec.series().probe()));
        }
        return specs.stream().map(spec -> spec.dependingOn(parents(spec, found))).toList();
    }

    private SequencedSet<String> parents(ProbeSpec spec, Map<String, Set<String>> network) {
        var parents = new LinkedHashSet<String>();
        for (String name : names(spec.series().probe())) {
            if (name.equals(AUTO)) {
                parents.addAll(automatic(spec, network));
            } else if (!name.equals(NONE)) {
                parents.add(name);
            }
        }
        parents.remove(spec.series().probe());
        return parents;
    }

    private static Set<String> automatic(ProbeSpec spec, Map<String, Set<String>> network) {
        String region = spec.series().region();
        String type = spec.type().name();
        if (region.isEmpty() || type.equals("dns")) {
            return Set.of();
        }
        return endpoint(spec)
                .map(at -> {
                    var parents = new LinkedHashSet<>(
                            network.getOrDefault(key("dns", region, new HostPort(at.host(), 0)), Set.of()));
                    if (!type.equals("tcp")) {
                        parents.addAll(network.getOrDefault(key("tcp", region, at), Set.of()));
                    }
                    return (Set<String>) parents;
                })
                .orElse(Set.of());
    }

    private static boolean isNetwork(ProbeSpec spec) {
        String type = spec.type().name();
        return !spec.series().region().isEmpty() && (type.equals("dns") || type.equals("tcp"));
    }

    private static String key(String type, String region, HostPort at) {
        return type + " " + region + " " + at;
    }

    /** The host and port that a probe's target names; a name alone has port 0. */
    private static Optional<HostPort> endpoint(ProbeSpec spec) {
        String target = spec.probe().target();
        if (spec.type().name().equals("dns")) {
            return Optional.of(new HostPort(target.toLowerCase(Locale.ROOT), 0));
        }
        if (!target.contains("://")) {
            return HostPort.parse(target, 0).map(at -> new HostPort(at.host().toLowerCase(Locale.ROOT), at.port()));
        }
        try {
            var uri = new URI(target);
            if (uri.getHost() == null) {
                return Optional.empty();
            }
            String host = uri.getHost().toLowerCase(Locale.ROOT);
            int port = uri.getPort() >= 0
                    ? uri.getPort()
                    : Set.of("https", "wss").contains(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT)) ? 443 : 80;
            return Optional.of(new HostPort(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port));
        } catch (URISyntaxException _) {
            return Optional.empty(); // a target for people only
        }
    }
}
