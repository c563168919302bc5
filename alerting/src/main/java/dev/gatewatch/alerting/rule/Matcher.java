package dev.gatewatch.alerting.rule;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What one property has to be: one of some values. Immutable.
 *
 * @param key the property's name: a reserved one, or a label's
 * @param values what is accepted in full; the empty text accepts an absent label
 * @param patterns what was written as {@code ~pattern}: RE2 syntax, must match in full
 */
public record Matcher(String key, List<String> values, List<Pattern> patterns) {
    public Matcher {
        values = List.copyOf(values);
        patterns = List.copyOf(patterns);
    }

    /** Whether a property of this value is accepted; absent ones are empty. */
    public boolean accepts(String actual) {
        return values.contains(actual) || patterns.stream().anyMatch(p -> p.matches(actual));
    }

    /** Whether all matchers accept what {@code property} answers to their keys. */
    public static boolean all(List<Matcher> matchers, Function<String, String> property) {
        return matchers.stream().allMatch(m -> m.accepts(property.apply(m.key())));
    }

    /** A mapping of property to value, or list of values; a value that begins with {@code ~} is a regular expression. */
    public static ValueType<List<Matcher>> mapping(String describe) {
        return new Mapping(describe);
    }

    private record Mapping(String describe) implements ValueType<List<Matcher>> {
        private static final ValueType<List<String>> VALUES = Types.oneOrMore(Types.text());

        @Override
        public Optional<List<Matcher>> read(Node node, Reading reading) {
            if (!(node instanceof Node.Fields fields)) {
                reading.problems().error(node, "expected " + describe + ", found " + node.kind());
                return Optional.empty();
            }
            int before = reading.problems().errors();
            var matchers = new ArrayList<Matcher>();
            fields.fields().forEach((key, value) -> VALUES.read(value, reading).ifPresent(texts -> {
                var patterns = new ArrayList<Pattern>();
                for (String text : texts) {
                    if (text.startsWith("~")) {
                        try {
                            patterns.add(Pattern.compile(text.substring(1)));
                        } catch (PatternSyntaxException e) {
                            reading.problems().error(value, "not a regular expression (RE2 syntax): " + e.getDescription());
                        }
                    }
                }
                matchers.add(new Matcher(key, texts.stream().filter(t -> !t.startsWith("~")).toList(), patterns));
            }));
            return reading.problems().errors() > before ? Optional.empty() : Optional.of(matchers);
        }

        @Override
        public Map<String, Object> jsonSchema() {
            var schema = new LinkedHashMap<String, Object>();
            schema.put("type", "object");
            schema.put("additionalProperties", VALUES.jsonSchema());
            return schema;
        }
    }
}
