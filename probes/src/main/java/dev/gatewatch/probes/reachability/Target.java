package dev.gatewatch.probes.reachability;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One item of {@code must_connect} or {@code must_not_connect}: destinations alone, or a mapping with a name and more. Immutable.
 *
 * @param name empty where the destinations name themselves
 */
record Target(String name, Destinations to, Path.Wanted wanted) {
    private static final Key<String> NAME = Key.withDefault(
            "name",
            Types.text("a short name", "[^\\s](.{0,98}[^\\s])?"),
            "",
            "what stands in to",
            "Name of the path in messages and metrics; where to stands for several, each is called name/host:port.");
    private static final Key<Destinations> TO = Key.required(
            "to", Destinations.TYPE, "Host and port; a CIDR block and a list of ports stand for all their combinations.");
    private static final Key<Duration> LATENCY = Key.optional(
            "latency",
            Types.duration(Duration.ofMillis(1), Duration.ofHours(1)),
            "The run is degraded (latency_high) when connecting takes longer.");
    private static final Key<How> HOW = Key.withDefault(
            "how",
            Types.oneOf(How.class),
            How.ANY,
            "any",
            "How it must fail to connect: refused (something says no), dropped (nothing answers), or any of them.");

    static final ValueType<Target> MUST_CONNECT = type(SectionType.of(
            "target",
            List.of(NAME, TO, LATENCY),
            s -> new Target(s.get(NAME), s.get(TO), new Path.Open(s.find(LATENCY)))));

    static final ValueType<Target> MUST_NOT_CONNECT = type(SectionType.of(
            "target",
            List.of(NAME, TO, HOW),
            s -> new Target(s.get(NAME), s.get(TO), new Path.Closed(s.get(HOW)))));

    private static ValueType<Target> type(SectionType<Target> mapping) {
        return new ValueType<>() {
            @Override
            public Optional<Target> read(Node node, Reading reading) {
                if (!(node instanceof Node.Scalar)) {
                    return mapping.read(node, reading);
                }
                var fields = new java.util.LinkedHashMap<String, Node>();
                fields.put(TO.name(), node);
                return mapping.read(new Node.Fields(node.place(), node.path(), fields), reading);
            }

            @Override
            public String describe() {
                return Destinations.TYPE.describe() + ", or a mapping";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of("anyOf", List.of(Destinations.TYPE.jsonSchema(), mapping.jsonSchema()));
            }
        };
    }

    /** A path for each of the destinations. */
    List<Path> paths() {
        return to.all().stream().map(at -> new Path(nameOf(at), at, wanted)).toList();
    }

    private String nameOf(HostPort at) {
        return name.isEmpty() ? at.toString() : to.all().size() == 1 ? name : name + "/" + at;
    }
}
