package dev.gatewatch.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Markdown table of all keys under a JSON Schema made of sections, nested ones by their path. */
final class KeyTable {
    private static final int LONGEST = 200;

    private final List<String> rows = new ArrayList<>();

    private KeyTable() {}

    /** The table of a mapping's keys; {@code prefix} goes before every path. */
    static String of(Map<?, ?> schema, String prefix, List<String> without) {
        var table = new KeyTable();
        table.keys(schema, prefix, without);
        return "| Key | Value | Default | Meaning |\n|---|---|---|---|\n" + String.join("", table.rows);
    }

    private void keys(Map<?, ?> schema, String prefix, List<String> without) {
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((key, value) -> {
                if (value instanceof Map<?, ?> property && !without.contains(key.toString())) {
                    row(prefix + key, property, required(schema).contains(key));
                    below(property, prefix + key);
                }
            });
        }
    }

    private static List<?> required(Map<?, ?> schema) {
        return schema.get("required") instanceof List<?> list ? list : List.of();
    }

    private void row(String path, Map<?, ?> property, boolean required) {
        String fallback =
                property.get("default") != null ? code(property.get("default")) : required ? "**required**" : "";
        Object value = property.get("title");
        if (value == null && property.get("enum") instanceof List<?> words) {
            value = "one of " + String.join(", ", words.stream().map(Object::toString).toList());
        }
        rows.add("| `%s` | %s | %s | %s |\n".formatted(path, shortened(cell(value)), fallback, cell(property.get("description"))));
    }

    /** A list of many words is cut: the meaning says where they stand. */
    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, text.lastIndexOf(' ', LONGEST)) + " …";
    }

    /** Keys of sections inside the value: directly, in a list, in a mapping with free keys, or as one of several forms. */
    private void below(Map<?, ?> schema, String path) {
        keys(schema, path + ".", List.of());
        if (schema.get("items") instanceof Map<?, ?> items) {
            below(items, path + "[]");
        }
        if (schema.get("additionalProperties") instanceof Map<?, ?> values) {
            below(values, path + ".NAME");
        }
        for (String word : List.of("anyOf", "oneOf")) {
            if (schema.get(word) instanceof List<?> forms) {
                forms.forEach(form -> {
                    if (form instanceof Map<?, ?> map) {
                        below(map, path);
                    }
                });
            }
        }
    }

    private static String code(Object value) {
        String text = value.toString();
        // a default told in words is no code
        boolean words = text.equals("none") || (text.contains(" ") && !text.contains("[") && !text.contains(":"));
        return words ? cell(text) : "`" + cell(text) + "`";
    }

    static String cell(Object text) {
        return text == null ? "" : text.toString().replace("|", "\\|").replace("\n", " ").replace("<", "&lt;");
    }
}
