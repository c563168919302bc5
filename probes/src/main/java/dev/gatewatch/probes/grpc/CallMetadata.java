package dev.gatewatch.probes.grpc;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * What is sent beside the request: names with one or several values each, in the configuration's order. Immutable; {@code toString} shows
 * no value.
 */
record CallMetadata(SequencedMap<String, List<Value>> entries) {
    static final CallMetadata NONE = new CallMetadata(new LinkedHashMap<>());

    private static final Pattern CREDENTIAL_NAME =
            Pattern.compile(".*(auth|token|secret|password|cookie|credential|signature|api-?key|access-?key).*");

    CallMetadata {
        entries = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
    }

    /**
     * One value.
     *
     * @param referenced whether a {@code ${…}} reference went into it
     */
    record Value(Secret text, boolean referenced) {}

    static final ValueType<CallMetadata> TYPE = new ValueType<>() {
        private final ValueType<SequencedMap<String, List<Value>>> map = Types.map(
                Types.text(
                        "a metadata name (lower-case letters, digits, '-', '_', '.'; not grpc-… and none that the protocol itself sets)",
                        "(?!grpc-)(?!(?:te|content-type|user-agent|host|connection)$)[a-z0-9_.-]{1,200}"),
                Types.oneOrMore(new ValueText()));

        @Override
        public Optional<CallMetadata> read(Node node, Reading reading) {
            int before = reading.problems().errors();
            Optional<CallMetadata> read = map.read(node, reading).map(CallMetadata::new);
            read.ifPresent(metadata -> metadata.entries.forEach((name, values) -> {
                if (name.endsWith("-bin") && values.stream().anyMatch(v -> bytes(v).isEmpty())) {
                    reading.problems().error(node, "the values of " + name + " are bytes, to be written in base64");
                }
            }));
            return reading.problems().errors() > before ? Optional.empty() : read;
        }

        @Override
        public String describe() {
            return "mapping of metadata names to a value or a list of values";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return map.jsonSchema();
        }
    };

    /** One value as written: printable ASCII, as the protocol has it. */
    private static final class ValueText implements ValueType<Value> {
        private static final Pattern PRINTABLE = Pattern.compile("[ -~]{0,8000}");

        @Override
        public Optional<Value> read(Node node, Reading reading) {
            if (!(node instanceof Node.Scalar s) || s.tag() == Node.Tag.NULL) {
                reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
                return Optional.empty();
            }
            String text = s.text().strip();
            if (!PRINTABLE.matcher(text).matches()) {
                reading.problems().error(s, "a metadata value is one line of printable ASCII characters");
                return Optional.empty();
            }
            return Optional.of(new Value(new Secret(text), s.secret()));
        }

        @Override
        public String describe() {
            return "a metadata value";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Types.text().jsonSchema();
        }
    }

    /** For one call; names that end in {@code -bin} carry bytes. */
    Metadata toSend() {
        var metadata = new Metadata();
        entries.forEach((name, values) -> values.forEach(value -> {
            if (name.endsWith("-bin")) {
                metadata.put(
                        Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), bytes(value).orElseThrow());
            } else {
                metadata.put(
                        Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value.text().reveal());
            }
        }));
        return metadata;
    }

    /** Whether something in it says who we are. */
    boolean hasCredential() {
        return entries.entrySet().stream()
                .anyMatch(e -> CREDENTIAL_NAME.matcher(e.getKey()).matches()
                        || e.getValue().stream().anyMatch(Value::referenced));
    }

    /** {@code text} without anything that must not be seen. */
    String maskedIn(String text) {
        String masked = text;
        for (Secret secret : secrets()) {
            masked = secret.maskedIn(masked);
        }
        return masked;
    }

    private List<Secret> secrets() {
        var secrets = new ArrayList<Secret>();
        entries.forEach((name, values) -> values.forEach(value -> {
            if (value.referenced() || CREDENTIAL_NAME.matcher(name).matches()) {
                String whole = value.text().reveal();
                secrets.add(value.text());
                // a peer may echo the credential without its scheme
                secrets.add(new Secret(whole.substring(whole.lastIndexOf(' ') + 1)));
            }
        }));
        return secrets;
    }

    private static Optional<byte[]> bytes(Value value) {
        try {
            return Optional.of(Base64.getDecoder().decode(value.text().reveal()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "metadata " + entries.keySet();
    }
}
