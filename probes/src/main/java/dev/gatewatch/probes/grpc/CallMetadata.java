package dev.gatewatch.probes.grpc;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.httpclient.HeaderText;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
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
record CallMetadata(SequencedMap<String, List<HeaderText>> entries) {
    static final CallMetadata NONE = new CallMetadata(new LinkedHashMap<>());

    /** Names that end so carry bytes. */
    private static final String BINARY = "-bin";

    private static final Pattern PRINTABLE = Pattern.compile("[ -~]{0,8000}");

    CallMetadata {
        entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
    }

    static final ValueType<CallMetadata> TYPE = new ValueType<>() {
        private final ValueType<SequencedMap<String, List<HeaderText>>> map = Types.map(
                Types.text(
                        "a metadata name (lower-case letters, digits, '-', '_', '.'; not grpc-… and none that the protocol itself sets)",
                        "(?!grpc-)(?!(?:te|content-type|user-agent|host|connection)$)[a-z0-9_.-]{1,200}"),
                Types.oneOrMore(HeaderText.type()));

        @Override
        public Optional<CallMetadata> read(Node node, Reading reading) {
            int before = reading.problems().errors();
            Optional<CallMetadata> read = map.read(node, reading).map(CallMetadata::new);
            read.ifPresent(metadata -> metadata.entries.forEach((name, values) -> {
                if (name.endsWith(BINARY) && values.stream().anyMatch(v -> bytes(v).isEmpty())) {
                    reading.problems().error(node, "the values of " + name + " are bytes, to be written in base64");
                } else if (!values.stream().allMatch(v -> PRINTABLE.matcher(v.value().reveal()).matches())) {
                    reading.problems()
                            .error(
                                    node,
                                    "the values of " + name + " are not all printable ASCII; name it " + name
                                            + "-bin and write them in base64");
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

    /** For one call. */
    Metadata toSend() {
        var metadata = new Metadata();
        entries.forEach((name, values) -> values.forEach(value -> {
            if (name.endsWith(BINARY)) {
                metadata.put(
                        Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), bytes(value).orElseThrow());
            } else {
                metadata.put(
                        Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value.value().reveal());
            }
        }));
        return metadata;
    }

    /** Whether something in it says who we are. */
    boolean hasCredential() {
        return entries.entrySet().stream()
                .anyMatch(e -> e.getValue().stream().anyMatch(value -> value.isCredential(e.getKey())));
    }

    /** What must not be seen of it. */
    List<Secret> secrets() {
        var secrets = new ArrayList<Secret>();
        entries.forEach((name, values) -> values.stream()
                .filter(value -> value.isCredential(name))
                .forEach(value -> {
                    String whole = value.value().reveal();
                    secrets.add(value.value());
                    // a peer may echo the credential without its scheme
                    secrets.add(new Secret(whole.substring(whole.lastIndexOf(' ') + 1)));
                }));
        return List.copyOf(secrets);
    }

    private static Optional<byte[]> bytes(HeaderText value) {
        try {
            return Optional.of(Base64.getDecoder().decode(value.value().reveal()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "metadata " + entries.keySet();
    }
}
