package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.httpclient.Json;
import dev.gatewatch.probes.httpclient.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A JSON document written as YAML, whose texts may hold variables. Immutable. */
sealed interface JsonTemplate {
    JsonNodeFactory NODES = JsonNodeFactory.instance;

    record Fixed(JsonValue value) implements JsonTemplate {}

    record Text(Template template) implements JsonTemplate {}

    record Items(List<JsonTemplate> items) implements JsonTemplate {}

    record Fields(SequencedMap<String, JsonTemplate> fields) implements JsonTemplate {}

    static ValueType<JsonTemplate> type() {
        return new ValueType<>() {
            @Override
            public Optional<JsonTemplate> read(Node node, Reading reading) {
                int before = reading.problems().errors();
                JsonTemplate made = make(node, reading);
                return reading.problems().errors() == before ? Optional.of(made) : Optional.empty();
            }

            @Override
            public String describe() {
                return "any value; texts with $(variables)";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of();
            }
        };
    }

    private static JsonTemplate make(Node node, Reading reading) {
        return switch (node) {
            case Node.Scalar s when Template.isOne(s) -> text(s, reading);
            case Node.Scalar s -> new Fixed(JsonValue.type().read(s, reading).orElseThrow());
            case Node.Items items ->
                new Items(items.items().stream().map(i -> make(i, reading)).toList());
            case Node.Fields fields -> {
                var made = new LinkedHashMap<String, JsonTemplate>();
                fields.fields().forEach((name, value) -> made.put(name, make(value, reading)));
                yield new Fields(made);
            }
        };
    }

    private static JsonTemplate text(Node.Scalar s, Reading reading) {
        Optional<Template> template = Template.read(s, reading);
        template.filter(t -> t.wholeJson().isEmpty()
                        && t.slots().anyMatch(slot -> slot.conversion() == Conversion.JSON))
                .ifPresent(_ -> reading.problems()
                        .error(s, "|json puts in a whole JSON value; within a text leave it out"));
        return template.<JsonTemplate>map(Text::new)
                .orElseGet(() -> new Fixed(JsonValue.type().read(s, reading).orElseThrow()));
    }

    default Stream<Template> templates() {
        return switch (this) {
            case Fixed _ -> Stream.empty();
            case Text(Template template) -> Stream.of(template);
            case Items(List<JsonTemplate> items) -> items.stream().flatMap(JsonTemplate::templates);
            case Fields(SequencedMap<String, JsonTemplate> fields) ->
                fields.values().stream().flatMap(JsonTemplate::templates);
        };
    }

    /** Fixed values that must not be seen. */
    default Stream<Secret> secrets() {
        return switch (this) {
            case Fixed(JsonValue value) -> value.secret() ? value.texts().stream() : Stream.empty();
            case Text _ -> Stream.empty();
            case Items(List<JsonTemplate> items) -> items.stream().flatMap(JsonTemplate::secrets);
            case Fields(SequencedMap<String, JsonTemplate> fields) ->
                fields.values().stream().flatMap(JsonTemplate::secrets);
        };
    }

    /** The document with a run's values. */
    default JsonNode render(Variables variables) throws UnusableVariable {
        return switch (this) {
            case Fixed(JsonValue value) -> value.tree();
            case Text(Template template) -> text(template, variables);
            case Items(List<JsonTemplate> items) -> {
                var rendered = new ArrayList<JsonNode>();
                for (JsonTemplate item : items) {
                    rendered.add(item.render(variables));
                }
                yield NODES.arrayNode().addAll(rendered);
            }
            case Fields(SequencedMap<String, JsonTemplate> fields) -> {
                var object = NODES.objectNode();
                for (Map.Entry<String, JsonTemplate> field : fields.entrySet()) {
                    object.set(field.getKey(), field.getValue().render(variables));
                }
                yield object;
            }
        };
    }

    private static JsonNode text(Template template, Variables variables) throws UnusableVariable {
        Optional<String> whole = template.wholeJson();
        String text = template.render(variables);
        if (whole.isEmpty()) {
            return NODES.stringNode(text);
        }
        return Json.tryParse(text.getBytes(StandardCharsets.UTF_8))
                .orElseThrow(() -> UnusableVariable.unfit(whole.get(), "is no JSON, as |json wants"));
    }
}
