package dev.gatewatch.probes.exec;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A word of a command, or the value of an environment variable. Immutable.
 *
 * @param text as it is passed on, with placeholders
 * @param secret whether it came from a reference, so that it must not be shown
 */
record Argument(Secret text, boolean secret) {
    private static final String TARGET = "{target}";
    private static final String TIMEOUT = "{timeout}";

    static final ValueType<Argument> TYPE = new ValueType<>() {
        @Override
        public Optional<Argument> read(Node node, Reading reading) {
            if (node instanceof Node.Scalar scalar && scalar.tag() != Node.Tag.NULL) {
                if (scalar.text().indexOf('\0') < 0) {
                    return Optional.of(new Argument(new Secret(scalar.text()), scalar.secret()));
                }
                reading.problems().error(node, "a NUL character cannot be passed to a command");
            } else {
                reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
            }
            return Optional.empty();
        }

        @Override
        public String describe() {
            return "a word";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("type", List.of("string", "number", "boolean"));
        }
    };

    boolean namesTarget() {
        return text.reveal().contains(TARGET);
    }

    /** With the placeholders filled in. */
    String filled(String target, Duration timeout) {
        return text.reveal()
                .replace(TIMEOUT, String.valueOf(Math.max(1, timeout.toSeconds())))
                .replace(TARGET, target);
    }
}
