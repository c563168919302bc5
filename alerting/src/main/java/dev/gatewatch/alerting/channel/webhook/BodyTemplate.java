package dev.gatewatch.alerting.channel.webhook;

import dev.gatewatch.alerting.channel.support.NoticeValues;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.ValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.NullNode;

/**
 * A JSON body of the user's own: written as YAML, with places for values, {@code $(title)}, in its texts ({@code $$(} for a plain
 * {@code $(}). As the places are filled in the parsed structure and the JSON is written afterwards, no value, whatever a target put into
 * it, can break out of its text; a template engine would leave that to whoever writes the template. Immutable.
 *
 * @param content maps, lists, texts, numbers, truth values
 * @param secrets texts that came from references
 */
record BodyTemplate(Object content, List<Secret> secrets) {
    private static final Pattern PLACE = Pattern.compile("\\$\\$\\(|\\$\\(([^()]{0,200})\\)?");
    private static final String LABEL = "labels.";
    private static final String ANNOTATION = "annotations.";
    private static final int DEEPEST = 20;

    static final ValueType<BodyTemplate> TYPE = new ValueType<>() {
        @Override
        public Optional<BodyTemplate> read(Node node, Reading reading) {
            int before = reading.problems().errors();
            var secrets = new ArrayList<Secret>();
            Object content = content(node, reading, secrets, 0);
            if (!(content instanceof Map) && !(content instanceof List)) {
                reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
            }
            return reading.problems().errors() > before ? Optional.empty() : Optional.of(new BodyTemplate(content, secrets));
        }

        @Override
        public String describe() {
            return "a mapping or a list to send as JSON";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("type", List.of("object", "array"));
        }
    };

    BodyTemplate {
        secrets = List.copyOf(secrets);
    }

    private static Object content(Node node, Reading reading, List<Secret> secrets, int depth) {
        if (depth > DEEPEST) {
            reading.problems().error(node, "nested more than " + DEEPEST + " deep");
            return "";
        }
        return switch (node) {
            case Node.Fields fields -> {
                var map = new LinkedHashMap<String, Object>();
                fields.fields().forEach((key, value) -> map.put(key, content(value, reading, secrets, depth + 1)));
                yield map;
            }
            case Node.Items items ->
                items.items().stream().map(item -> content(item, reading, secrets, depth + 1)).toList();
            case Node.Scalar scalar -> scalar(scalar, reading, secrets);
        };
    }

    private static Object scalar(Node.Scalar scalar, Reading reading, List<Secret> secrets) {
        String text = scalar.text();
        if (scalar.secret()) {
            secrets.add(new Secret(text));
        }
        return switch (scalar.tag()) {
            case NULL -> NullNode.getInstance();
            case BOOLEAN -> Boolean.valueOf(text);
            case INTEGER, DECIMAL -> number(text);
            case TEXT -> {
                problem(text).ifPresent(problem -> reading.problems().error(scalar, problem));
                yield text;
            }
        };
    }

    /** YAML knows numbers that JSON does not, such as 0x1F and .inf: they are sent as they were written. */
    private static Object number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException _) {
            return text;
        }
    }

    private static Optional<String> problem(String text) {
        Matcher place = PLACE.matcher(text);
        while (place.find()) {
            String name = place.group(1);
            if (name == null) {
                continue;
            }
            if (!place.group().endsWith(")")) {
                return Optional.of("\"" + place.group() + "\" has no end; write $$( for a plain \"$(\"");
            }
            if (!NoticeValues.NAMES.contains(name) && !name.startsWith(LABEL) && !name.startsWith(ANNOTATION)) {
                return Optional.of("there is no $(" + name + "); "
                        + Suggestions.didYouMean(name, NoticeValues.NAMES)
                                .orElse("known are " + String.join(", ", NoticeValues.NAMES) + ", labels.NAME and annotations.NAME"));
            }
        }
        return Optional.empty();
    }

    /** What to write as JSON; a value that is not there is empty. */
    Object filled(Map<String, String> values, Map<String, String> labels, Map<String, String> annotations) {
        return filled(content, name -> {
            if (name.startsWith(LABEL)) {
                return labels.getOrDefault(name.substring(LABEL.length()), "");
            }
            if (name.startsWith(ANNOTATION)) {
                return annotations.getOrDefault(name.substring(ANNOTATION.length()), "");
            }
            return values.getOrDefault(name, "");
        });
    }

    private static Object filled(Object content, UnaryOperator<String> value) {
        return switch (content) {
            case Map<?, ?> map -> {
                var filled = new LinkedHashMap<Object, Object>();
                map.forEach((key, item) -> filled.put(key, filled(item, value)));
                yield filled;
            }
            case List<?> list -> list.stream().map(item -> filled(item, value)).toList();
            case String text ->
                PLACE.matcher(text)
                        .replaceAll(place -> Matcher.quoteReplacement(place.group(1) == null ? "$(" : value.apply(place.group(1))));
            default -> content;
        };
    }
}
