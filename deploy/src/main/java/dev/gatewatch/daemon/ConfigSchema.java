package dev.gatewatch.daemon;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Place;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON Schema (2020-12) of a configuration, made from the keys that read it, for editors. Keys come in a fixed order, so that the
 * published copy changes only when the configuration does.
 */
public final class ConfigSchema {
    private static final String REFERENCE = "#/$defs/reference";
    private static final String REFERENCE_PATTERN = "\\$\\{(env|file):[^}]+\\}";
    private static final Set<String> SCALARS = Set.of("string", "number", "integer", "boolean");
    private static final List<String> ORDER = List.of(
            "$schema",
            "$id",
            "$ref",
            "title",
            "description",
            "default",
            "type",
            "const",
            "enum",
            "pattern",
            "format",
            "required",
            "properties",
            "additionalProperties",
            "items");
    /** Keywords under which names are the user's keys, not the schema's words. */
    private static final Set<String> NAMED = Set.of("properties", "$defs");

    private ConfigSchema() {}

    /** The schema as maps, lists and values, as the sections give it: without references, in no order. */
    public static Map<String, Object> tree() {
        var nothing = new Node.Fields(Place.file(""), "", new LinkedHashMap<>());
        return new RootSection(nothing, new Reading(new Problems(), Path.of("")), probe -> {})
                .type()
                .jsonSchema();
    }

    /** The schema as text, indented. */
    public static String text() {
        var root = new LinkedHashMap<String, Object>();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "Gatewatch configuration");
        root.putAll(tree());
        root.put(
                "$defs",
                Map.of(
                        "reference",
                        Map.of(
                                "description",
                                "A value from the environment or a file.",
                                "type",
                                "string",
                                "pattern",
                                REFERENCE_PATTERN)));
        ObjectMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        return json.writeValueAsString(finished(root)).replace("\r\n", "\n") + "\n";
    }

    private static Object finished(Object schema) {
        return switch (schema) {
            case Map<?, ?> map -> finishedMap(chosenByType(map));
            case List<?> list -> list.stream().map(ConfigSchema::finished).toList();
            default -> schema;
        };
    }

    private static Map<String, Object> finishedMap(Map<?, ?> schema) {
        var out = new TreeMap<String, Object>(ConfigSchema::compareKeywords);
        schema.forEach((keyword, value) ->
                out.put(keyword.toString(), NAMED.contains(keyword.toString()) ? named(value) : finished(value)));
        return isPickyScalar(schema) ? orReference(out) : out;
    }

    /** A mapping from the user's keys to schemas keeps its order, where it has one. */
    private static Object named(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        var out = map instanceof SequencedMap ? new LinkedHashMap<String, Object>() : new TreeMap<String, Object>();
        map.forEach((key, schema) -> out.put(
                key.toString(), isTypeChoice(key, schema) ? sorted((Map<?, ?>) schema) : finished(schema)));
        return out;
    }

    private static int compareKeywords(String a, String b) {
        int byOrder = Integer.compare(rank(a), rank(b));
        return byOrder != 0 ? byOrder : a.compareTo(b);
    }

    private static int rank(String keyword) {
        int at = ORDER.indexOf(keyword);
        return at < 0 ? ORDER.size() : at;
    }

    /** Whether a plain text such as {@code ${env:NAME}} would be refused, although any scalar may be given by reference. */
    private static boolean isPickyScalar(Map<?, ?> schema) {
        if (REFERENCE_PATTERN.equals(schema.get("pattern"))) {
            return false;
        }
        boolean scalar = schema.get("type") instanceof String type
                ? SCALARS.contains(type)
                : schema.get("type") instanceof List<?> types ? SCALARS.containsAll(types) : schema.containsKey("enum");
        boolean takesText = "string".equals(schema.get("type"))
                || (schema.get("type") instanceof List<?> types && types.contains("string"));
        boolean bound = schema.containsKey("pattern") || schema.containsKey("enum") || schema.containsKey("format");
        return scalar && (!takesText || bound);
    }

    private static Map<String, Object> orReference(Map<String, Object> schema) {
        var outer = new TreeMap<String, Object>(ConfigSchema::compareKeywords);
        for (String annotation : List.of("title", "description", "default")) {
            Object value = schema.remove(annotation);
            if (value != null) {
                outer.put(annotation, value);
            }
        }
        outer.put("anyOf", List.of(schema, Map.of("$ref", REFERENCE)));
        return outer;
    }

    /** The {@code type} of a probe or channel, which editors complete, cannot be given by reference. */
    private static boolean isTypeChoice(Object key, Object schema) {
        return key.equals("type")
                && schema instanceof Map<?, ?> map
                && (map.containsKey("const") || map.containsKey("enum"))
                && !map.containsKey("title");
    }

    private static Map<String, Object> sorted(Map<?, ?> schema) {
        var out = new TreeMap<String, Object>(ConfigSchema::compareKeywords);
        schema.forEach((keyword, value) -> out.put(keyword.toString(), value));
        return out;
    }

    /**
     * "One of these forms, told apart by {@code type}" said as a row of conditions: editors then complain of the one key that is wrong
     * and not of all forms at once.
     */
    private static Map<?, ?> chosenByType(Map<?, ?> schema) {
        if (!(schema.get("oneOf") instanceof List<?> forms) || forms.isEmpty()) {
            return schema;
        }
        var names = new LinkedHashSet<Object>();
        var branches = new ArrayList<Object>();
        for (Object form : forms) {
            if (!(form instanceof Map<?, ?> map
                    && map.get("properties") instanceof Map<?, ?> properties
                    && properties.get("type") instanceof Map<?, ?> type
                    && type.get("const") != null)) {
                return schema;
            }
            names.add(type.get("const"));
            branches.add(Map.of(
                    "if",
                    Map.of("properties", Map.of("type", Map.of("const", type.get("const"))), "required", List.of("type")),
                    "then",
                    map));
        }
        return Map.of(
                "type",
                "object",
                "required",
                List.of("name", "type"),
                "properties",
                Map.of("type", Map.of("enum", List.copyOf(names))),
                "allOf",
                branches);
    }
}
