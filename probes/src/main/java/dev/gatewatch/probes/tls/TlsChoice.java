package dev.gatewatch.probes.tls;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code tls: true}, {@code tls: false}, or {@code tls: {…}}: how to speak TLS, or nothing for plain text. Immutable. */
public record TlsChoice(Optional<TlsSettings> settings) {
    public static final TlsChoice NONE = new TlsChoice(Optional.empty());

    public static final ValueType<TlsChoice> TYPE = new ValueType<>() {
        private final ValueType<Boolean> whether = Types.bool();

        @Override
        public Optional<TlsChoice> read(Node node, Reading reading) {
            return switch (node) {
                case Node.Fields fields ->
                    TlsSettings.TYPE.read(fields, reading).map(s -> new TlsChoice(Optional.of(s)));
                case Node.Scalar scalar ->
                    whether.read(scalar, reading)
                            .map(yes -> yes ? new TlsChoice(Optional.of(TlsSettings.standard())) : NONE);
                case Node.Items items -> {
                    reading.problems().error(items, "expected " + describe() + ", found " + items.kind());
                    yield Optional.empty();
                }
            };
        }

        @Override
        public String describe() {
            return "true, false, or a mapping of TLS settings";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("anyOf", List.of(whether.jsonSchema(), TlsSettings.TYPE.jsonSchema()));
        }
    };
}
