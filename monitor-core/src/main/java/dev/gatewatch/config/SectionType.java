package dev.gatewatch.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A mapping with known keys that becomes one immutable value. Unknown keys, missing keys and wrong values are all told before the
 * reader is called; it is called only for a clean section. Immutable.
 */
public final class SectionType<T> implements ValueType<T> {
    private final String name;
    private final List<Key<?>> keys;
    private final Function<Section, T> reader;

    private SectionType(String name, List<Key<?>> keys, Function<Section, T> reader) {
        this.name = name;
        this.keys = List.copyOf(keys);
        this.reader = reader;
    }

    /**
     * A section.
     *
     * @param name what people call it: {@code tls}, {@code expect}
     * @param reader makes the value; tells cross-key problems to the section, after which its value is dropped
     */
    public static <T> SectionType<T> of(String name, List<Key<?>> keys, Function<Section, T> reader) {
        return new SectionType<>(name, keys, reader);
    }

    public String name() {
        return name;
    }

    public List<Key<?>> keys() {
        return keys;
    }

    @Override
    public Optional<T> read(Node node, Reading reading) {
        Problems problems = reading.problems();
        if (!(node instanceof Node.Fields fields)) {
            problems.error(node, "expected a mapping with keys " + keyNames() + ", found " + node.kind());
            return Optional.empty();
        }
        int before = problems.errors();
        var values = new HashMap<Key<?>, Object>();
        for (Key<?> key : keys) {
            Node value = fields.fields().get(key.name());
            if (value != null) {
                key.type().read(value, reading).ifPresent(v -> values.put(key, v));
            } else if (key.isRequired()) {
                problems.error(fields, "missing key \"" + key.name() + "\" (" + key.type().describe() + ")");
            }
        }
        for (Map.Entry<String, Node> field : fields.fields().entrySet()) {
            if (keys.stream().noneMatch(k -> k.name().equals(field.getKey()))) {
                String near = Suggestions.didYouMean(field.getKey(), keys.stream().map(Key::name).toList())
                        .orElse("known here: " + keyNames());
                problems.add(new Problem(
                        Problem.Severity.ERROR,
                        fields.keyPlace(field.getKey()),
                        field.getValue().path(),
                        "unknown key \"" + field.getKey() + "\"",
                        Optional.of(near)));
            }
        }
        if (problems.errors() > before) {
            return Optional.empty();
        }
        T value = reader.apply(new Section(fields, values, reading));
        return problems.errors() > before ? Optional.empty() : Optional.of(value);
    }

    private String keyNames() {
        return String.join(", ", keys.stream().map(Key::name).toList());
    }

    @Override
    public String describe() {
        return "mapping";
    }

    @Override
    public Map<String, Object> jsonSchema() {
        var properties = new LinkedHashMap<String, Object>();
        var required = new ArrayList<String>();
        for (Key<?> key : keys) {
            var schema = new LinkedHashMap<String, Object>(key.type().jsonSchema());
            schema.put("title", key.type().describe());
            schema.put("description", key.meaning());
            key.fallbackText().ifPresent(text -> schema.put("default", text));
            properties.put(key.name(), schema);
            if (key.isRequired()) {
                required.add(key.name());
            }
        }
        var schema = new LinkedHashMap<String, Object>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }
}
