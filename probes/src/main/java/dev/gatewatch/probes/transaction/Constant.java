package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.Map;
import java.util.Optional;

/**
 * A variable's value that the configuration says. Immutable.
 *
 * @param secret whether a reference went into it, so that it must not be shown
 */
record Constant(Secret value, boolean secret) {
    static ValueType<Constant> type() {
        return new ValueType<>() {
            @Override
            public Optional<Constant> read(Node node, Reading reading) {
                if (node instanceof Node.Scalar s && s.tag() != Node.Tag.NULL) {
                    return Optional.of(new Constant(new Secret(s.text()), s.secret()));
                }
                reading.problems().error(node, "expected text, found " + node.kind());
                return Optional.empty();
            }

            @Override
            public String describe() {
                return "text";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Types.text().jsonSchema();
            }
        };
    }
}
