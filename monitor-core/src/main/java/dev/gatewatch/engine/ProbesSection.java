package dev.gatewatch.engine;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The {@code probes} list of a configuration. Every item has a name, a type and some keys that all probes share; the type reads the
 * rest. Immutable.
 */
public final class ProbesSection implements ValueType<ConfiguredProbes> {
    private final SortedMap<String, ProbeType> types = new TreeMap<>();
    private final Key<String> typeKey;
    private final String location;
    private final ProbeDefaults defaults;
    private final Consumer<Probe> made;

    /**
     * A reader of probes.
     *
     * @param location where this daemon runs
     * @param made is given every probe as it is made, so that it can be closed when the configuration is not taken after all
     */
    public ProbesSection(
            Collection<? extends ProbeType> types, String location, ProbeDefaults defaults, Consumer<Probe> made) {
        for (ProbeType type : types) {
            if (this.types.put(type.name(), type) != null) {
                throw new IllegalArgumentException("two probe types are called " + type.name());
            }
            for (Key<?> key : type.keys()) {
                if (key.name().equals("type") || ProbeKeys.common().stream().anyMatch(c -> c.name().equals(key.name()))) {
                    throw new IllegalArgumentException(
                            "probe type " + type.name() + " has a key that all probes have: " + key);
                }
            }
        }
        this.typeKey = Key.required(
                "type", Types.text(), "What kind of probe: " + String.join(", ", this.types.keySet()) + ".");
        this.location = location;
        this.defaults = defaults;
        this.made = made;
    }

    /** The types on the class path. */
    public static List<ProbeType> installedTypes() {
        return ServiceLoader.load(ProbeType.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** The types, by name. */
    public List<ProbeType> types() {
        return List.copyOf(types.values());
    }

    /** The keys that every probe has, for the reference page. */
    public List<Key<?>> commonKeys() {
        var keys = new ArrayList<Key<?>>(List.of(ProbeKeys.NAME, typeKey));
        ProbeKeys.common().stream().filter(key -> key != ProbeKeys.NAME).forEach(keys::add);
        return keys;
    }

    @Override
    public Optional<ConfiguredProbes> read(Node node, Reading reading) {
        Problems problems = reading.problems();
        if (!(node instanceof Node.Items items)) {
            problems.error(node, "expected a list of probes, found " + node.kind());
            return Optional.empty();
        }
        int before = problems.errors();
        var dependencies = new Dependencies();
        var reader = new ProbeReader(types, typeKey, location, defaults, made, dependencies);
        var enabled = new ArrayList<ProbeSpec>();
        var disabled = new ArrayList<ProbeSpec>();
        var named = new HashMap<String, Node>();
        for (Node item : items.items()) {
            if (!(item instanceof Node.Fields fields)) {
                problems.error(item, "expected a probe (name, type, …), found " + item.kind());
                continue;
            }
            if (fields.fields().get("name") instanceof Node.Scalar name) {
                Node earlier = named.putIfAbsent(name.text(), name);
                if (earlier != null) {
                    problems.error(name, "another probe is called " + name.shown() + " already, at " + earlier.place());
                }
            }
            ConfiguredProbes one = reader.read(fields, reading);
            enabled.addAll(one.enabled());
            disabled.addAll(one.disabled());
        }
        // a name with a problem of its own is known all the same
        dependencies.check(named.keySet(), problems);
        return problems.errors() > before
                ? Optional.empty()
                : Optional.of(new ConfiguredProbes(dependencies.resolved(enabled), disabled));
    }

    @Override
    public String describe() {
        return "list of probes";
    }

    /** Each type's keys stand in a branch of its own, chosen by {@code type}, so that an editor names the key that is wrong. */
    @Override
    public Map<String, Object> jsonSchema() {
        var common = properties(commonKeys());
        common.put(
                "type",
                Map.of("enum", List.copyOf(types.keySet()), "description", "What kind of probe."));
        var branches = new ArrayList<Object>();
        for (ProbeType type : types.values()) {
            branches.add(Map.of(
                    "if",
                    Map.of("properties", Map.of("type", Map.of("const", type.name())), "required", List.of("type")),
                    "then",
                    branch(type)));
        }
        var item = new LinkedHashMap<String, Object>();
        item.put("type", "object");
        item.put("required", List.of("name", "type"));
        item.put("properties", common);
        item.put("allOf", branches);
        return Map.of("type", "array", "items", item);
    }

    private Map<String, Object> branch(ProbeType type) {
        var properties = new LinkedHashMap<String, Object>();
        commonKeys().forEach(key -> properties.put(key.name(), true));
        var own = properties(type.keys());
        var region = new LinkedHashMap<String, Object>();
        region.put("type", "object");
        region.put("properties", own);
        region.put("additionalProperties", false);
        properties.put(
                "regions",
                Map.of("additionalProperties", Map.of("anyOf", List.of(region, type.endpoint().type().jsonSchema()))));
        properties.putAll(own);
        var branch = new LinkedHashMap<String, Object>();
        branch.put("description", type.description());
        branch.put("properties", properties);
        branch.put("additionalProperties", false);
        String endpoint = type.endpoint().name();
        branch.put("if", Map.of("required", List.of("regions")));
        branch.put("then", Map.of("properties", Map.of(endpoint, false)));
        branch.put(
                "else",
                Map.of(
                        "required",
                        type.keys().stream().filter(Key::isRequired).map(Key::name).toList()));
        return branch;
    }

    private static Map<String, Object> properties(List<Key<?>> keys) {
        Object properties = SectionType.of("probe", keys, section -> section).jsonSchema().get("properties");
        var copy = new LinkedHashMap<String, Object>();
        if (properties instanceof Map<?, ?> map) {
            map.forEach((key, schema) -> copy.put(String.valueOf(key), schema));
        }
        return copy;
    }
}
