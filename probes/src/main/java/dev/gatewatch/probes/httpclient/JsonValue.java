package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.ValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A JSON value written as YAML. Immutable by convention: nobody changes the tree.
 *
 * @param secret whether a {@code ${…}} reference went into it, so that it must not be shown
 */
public record JsonValue(JsonNode tree, boolean secret) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Any value: scalars become what YAML's core schema takes them for. */
    public static ValueType<JsonValue> type() {
        return new ValueType<>() {
            @Override
            public Optional<JsonValue> read(Node node, Reading reading) {
                return Optional.of(new JsonValue(tree(node), secret(node)));
            }

            @Override
            public String describe() {
                return "any value";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of();
            }
        };
    }

    /** The value as JSON for a message, or the mask. */
    public String shown() {
        return secret ? Secret.MASK : Json.shown(tree);
    }

    /** Every text and number in it, for masking. */
    public List<Secret> texts() {
        var texts = new ArrayList<Secret>();
        gather(tree, texts);
        return texts;
    }

    private static void gather(JsonNode node, List<Secret> into) {
        if (node.isContainer()) {
            node.forEach(child -> gather(child, into));
        } else if (node.isString() || node.isNumber()) {
            into.add(new Secret(node.asString()));
        }
    }

    private static JsonNode tree(Node node) {
        return switch (node) {
            case Node.Scalar s -> scalar(s);
            case Node.Items items -> {
                var array = NODES.arrayNode();
                items.items().forEach(i -> array.add(tree(i)));
                yield array;
            }
            case Node.Fields fields -> {
                var object = NODES.objectNode();
                fields.fields().forEach((name, value) -> object.set(name, tree(value)));
                yield object;
            }
        };
    }

    private static JsonNode scalar(Node.Scalar s) {
        return switch (s.tag()) {
            case NULL -> NODES.nullNode();
            case BOOLEAN -> NODES.booleanNode(s.text().equalsIgnoreCase("true"));
            case INTEGER, DECIMAL -> number(s.text());
            case TEXT -> NODES.stringNode(s.text());
        };
    }

    private static JsonNode number(String text) {
        try {
            return NODES.numberNode(new BigDecimal(text));
        } catch (NumberFormatException _) {
            // 0x1F, .inf: numbers to YAML that JSON cannot write
            return NODES.stringNode(text);
        }
    }

    private static boolean secret(Node node) {
        return switch (node) {
            case Node.Scalar s -> s.secret();
            case Node.Items items -> items.items().stream().anyMatch(JsonValue::secret);
            case Node.Fields fields -> fields.fields().values().stream().anyMatch(JsonValue::secret);
        };
    }
}
