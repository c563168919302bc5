package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.ValueType;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Value types for texts that may not be shown, not even in the message about a mistake in them. (The ready-made types show what was
 * written unless a reference was replaced in it.)
 */
final class SecretValues {
    private SecretValues() {}

    /** One value whose text {@code parse} understands; {@code describe} completes "expected …". */
    static <T> ValueType<T> of(String describe, Function<String, Optional<T>> parse) {
        return new ValueType<>() {
            @Override
            public Optional<T> read(Node node, Reading reading) {
                if (!(node instanceof Node.Scalar scalar) || scalar.tag() == Node.Tag.NULL) {
                    reading.problems().error(node, "expected " + describe + ", found " + node.kind());
                    return Optional.empty();
                }
                Optional<T> value = parse.apply(scalar.text().strip());
                if (value.isEmpty()) {
                    reading.problems().error(node, "expected " + describe + " (what was written is not shown: it is secret)");
                }
                return value;
            }

            @Override
            public String describe() {
                return describe;
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of("type", "string");
            }
        };
    }
}
