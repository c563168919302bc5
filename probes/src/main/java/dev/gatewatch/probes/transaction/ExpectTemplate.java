package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.expect.Expectation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An {@link Expectation} whose JSON values and body texts may hold variables: read once to find every mistake, and once more for each
 * run that has values for them. Immutable.
 *
 * @param fixed the expectation itself, where it holds no variables; otherwise as it would be with their names for values
 * @param templates those in it, by the path of their node
 */
record ExpectTemplate(Node node, Expectation fixed, Map<String, Template> templates) {
    static final ExpectTemplate DEFAULT =
            new ExpectTemplate(new Node.Items(dev.gatewatch.config.Place.file(""), "", List.of()), Expectation.DEFAULT, Map.of());

    /** Of the keys of an expectation those whose texts are compared as they are; the others are expressions of some kind. */
    private static final Set<String> COMPARED = Set.of("json", "body");

    private static final Set<String> EXPRESSIONS = Set.of("matches", "not_matches");

    ExpectTemplate {
        templates = Map.copyOf(templates);
    }

    /** As {@link Expectation#TYPE}. */
    static ValueType<ExpectTemplate> type() {
        return reading(Set.copyOf(Expectation.TYPE.keys().stream().map(Key::name).toList()));
    }

    /** As {@link Expectation#TYPE}, for what is no HTTP answer: only some keys make sense. */
    static ValueType<ExpectTemplate> reading(Set<String> keys) {
        return new ValueType<>() {
            @Override
            public Optional<ExpectTemplate> read(Node node, Reading reading) {
                if (node instanceof Node.Fields fields) {
                    List<String> all = Expectation.TYPE.keys().stream().map(Key::name).toList();
                    for (Map.Entry<String, Node> field : fields.fields().entrySet()) {
                        String key = field.getKey();
                        Node value = field.getValue();
                        if (all.contains(key) && !keys.contains(key)) {
                            reading.problems().error(value, "\"" + key + "\" makes no sense for a callback");
                            return Optional.empty();
                        }
                    }
                }
                var templates = new HashMap<String, Template>();
                int before = reading.problems().errors();
                gather(node, reading, templates);
                return Expectation.TYPE
                        .read(node, reading)
                        .filter(_ -> reading.problems().errors() == before)
                        .map(fixed -> new ExpectTemplate(node, fixed, templates));
            }

            @Override
            public String describe() {
                return Expectation.TYPE.describe();
            }

            @Override
            public Map<String, Object> jsonSchema() {
                var schema = new LinkedHashMap<>(Expectation.TYPE.jsonSchema());
                if (schema.get("properties") instanceof Map<?, ?> all) {
                    var left = new LinkedHashMap<Object, Object>(all);
                    left.keySet().retainAll(keys);
                    schema.put("properties", left);
                }
                return schema;
            }
        };
    }

    private static void gather(Node node, Reading reading, Map<String, Template> into) {
        if (node instanceof Node.Fields expect) {
            expect.fields().forEach((key, value) -> {
                if (COMPARED.contains(key)) {
                    texts(value, reading, into);
                }
            });
        }
    }

    private static void texts(Node node, Reading reading, Map<String, Template> into) {
        switch (node) {
            case Node.Scalar s when Template.isOne(s) ->
                Template.read(s, reading).ifPresent(t -> into.put(s.path(), t));
            case Node.Scalar _ -> {}
            case Node.Items items -> items.items().forEach(i -> texts(i, reading, into));
            case Node.Fields fields -> fields.fields().forEach((key, value) -> {
                if (!EXPRESSIONS.contains(key)) {
                    texts(value, reading, into);
                }
            });
        }
    }

    /** The expectation with a run's values. */
    Expectation render(Variables variables) throws UnusableVariable {
        if (templates.isEmpty()) {
            return fixed;
        }
        Node rendered = render(node, variables);
        return Expectation.TYPE
                .read(rendered, new Reading(new Problems(), Path.of("")))
                .orElseThrow(() -> new IllegalStateException("an expectation that was read once cannot be read again"));
    }

    private Node render(Node at, Variables variables) throws UnusableVariable {
        return switch (at) {
            case Node.Scalar s -> {
                Template template = templates.get(s.path());
                yield template == null ? s : scalar(s, template, variables);
            }
            case Node.Items items -> {
                var rendered = new ArrayList<Node>();
                for (Node item : items.items()) {
                    rendered.add(render(item, variables));
                }
                yield new Node.Items(items.place(), items.path(), rendered);
            }
            case Node.Fields fields -> {
                var rendered = new LinkedHashMap<String, Node>();
                for (Map.Entry<String, Node> field : fields.fields().entrySet()) {
                    rendered.put(field.getKey(), render(field.getValue(), variables));
                }
                yield new Node.Fields(fields.place(), fields.path(), rendered);
            }
        };
    }

    private static Node.Scalar scalar(Node.Scalar s, Template template, Variables variables) throws UnusableVariable {
        String text = template.render(variables);
        boolean json = template.wholeJson().isPresent();
        Node.Tag tag = !json
                ? Node.Tag.TEXT
                : text.equals("true") || text.equals("false")
                        ? Node.Tag.BOOLEAN
                        : text.matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?") ? Node.Tag.DECIMAL : Node.Tag.TEXT;
        return new Node.Scalar(s.place(), s.path(), text, tag, template.isSecret(variables));
    }

    /** Expected values that must not be seen. */
    List<Secret> secrets() {
        return fixed.secrets();
    }

    /** The variables in it. */
    List<Template> all() {
        return List.copyOf(templates.values());
    }
}
