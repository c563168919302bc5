package dev.gatewatch.engine;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** The keys that every probe has, whatever its type. */
final class ProbeKeys {
    static final ValueType<Duration> INTERVAL_TYPE = Types.duration(Duration.ofSeconds(1), Duration.ofDays(1));
    static final ValueType<Duration> TIMEOUT_TYPE = Types.duration(Duration.ofMillis(100), Duration.ofDays(1));
    static final ValueType<SequencedMap<String, String>> LABELS_TYPE = Types.map(new LabelName(), new LabelValue());

    static final Key<String> NAME =
            Key.required("name", Types.name(), "What the probe is called everywhere; unique among the probes.");
    static final Key<Boolean> ENABLED = Key.withDefault(
            "enabled", Types.bool(), true, "true", "Whether the probe runs. One that is switched off is still checked.");
    static final Key<Duration> INTERVAL =
            Key.optional("interval", INTERVAL_TYPE, "How often the probe runs. Default: defaults.interval.");
    static final Key<Duration> TIMEOUT = Key.optional(
            "timeout",
            TIMEOUT_TYPE,
            "How long a run may take; at most the interval. Default: defaults.timeout, or the interval where that is shorter.");
    static final Key<SequencedMap<String, String>> LABELS = Key.optional(
            "labels", LABELS_TYPE, "Labels for metrics, rules, routes and alerts, beside those of defaults.labels.");
    static final Key<ZoneId> TIME_ZONE = Key.optional(
            "time_zone",
            Types.timeZone(),
            "Whose days and weeks the probe's rhythm follows: that of its customers, or of the jobs that slow it down. Default: defaults.time_zone.");
    /** Read as a tree: its values become keys of the probe's type. */
    static final Key<Node> REGIONS = Key.optional(
            "regions",
            new RegionsType(),
            "One probe for each region, under a shared name: the region's name with its endpoint, or with a mapping of keys that differ there.");

    /** Label names that the daemon's own metrics and alerts use. */
    static final Set<String> RESERVED = Set.of(
            "probe",
            "type",
            "target",
            "region",
            "location",
            "phase",
            "outcome",
            "cause",
            "class",
            "rule",
            "severity",
            "state",
            "alertname",
            "le",
            "quantile");

    private static final int LONGEST_VALUE = 200;

    private ProbeKeys() {}

    /** The keys without {@code type}, whose words depend on the types there are. */
    static List<Key<?>> common() {
        return List.of(NAME, ENABLED, INTERVAL, TIMEOUT, LABELS, TIME_ZONE, Dependencies.KEY, REGIONS);
    }

    private static final class LabelName implements ValueType<String> {
        private static final String PATTERN = "[a-zA-Z_][a-zA-Z0-9_]{0,99}";
        private final ValueType<String> spelling =
                Types.text("a label name (letters, digits and '_', not beginning with a digit)", PATTERN);

        @Override
        public Optional<String> read(Node node, Reading reading) {
            Optional<String> name = spelling.read(node, reading);
            if (name.isPresent() && (name.get().startsWith("__") || RESERVED.contains(name.get()))) {
                reading.problems()
                        .error(
                                node,
                                "the label name \"" + name.get() + "\" is "
                                        + (RESERVED.contains(name.get()) ? "used by the daemon" : "reserved by Prometheus"),
                                "choose another");
                return Optional.empty();
            }
            return name;
        }

        @Override
        public String describe() {
            return "label name";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("type", "string", "pattern", "^" + PATTERN + "$");
        }
    }

    private static final class LabelValue implements ValueType<String> {
        @Override
        public Optional<String> read(Node node, Reading reading) {
            Optional<String> value = Types.text().read(node, reading);
            if (value.isPresent() && value.get().codePointCount(0, value.get().length()) > LONGEST_VALUE) {
                reading.problems().error(node, "longer than " + LONGEST_VALUE + " characters");
                return Optional.empty();
            }
            return value;
        }

        @Override
        public String describe() {
            return "text";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("type", List.of("string", "number", "boolean"), "maxLength", LONGEST_VALUE);
        }
    }

    private static final class RegionsType implements ValueType<Node> {
        @Override
        public Optional<Node> read(Node node, Reading reading) {
            return Optional.of(node);
        }

        @Override
        public String describe() {
            return "mapping of region names to endpoints or mappings";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("type", "object", "minProperties", 1);
        }
    }
}
