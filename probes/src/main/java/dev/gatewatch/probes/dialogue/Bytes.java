package dev.gatewatch.probes.dialogue;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bytes as a configuration writes them: text, which stands for its UTF-8, or {@code {hex: …}} or {@code {base64: …}}. Never changed
 * after.
 */
final class Bytes {
    private static final Key<byte[]> HEX = Key.optional(
            "hex",
            Types.scalar("bytes in hex, such as \"00 0a ff\"", Map.of("type", "string"), Bytes::hex),
            "Two hex digits a byte; blanks and colons between them do not matter.");
    private static final Key<byte[]> BASE64 = Key.optional(
            "base64", Types.scalar("bytes in base64", Map.of("type", "string"), Bytes::base64), "Base64 (RFC 4648).");

    private static final SectionType<byte[]> CODED = SectionType.of("bytes", List.of(HEX, BASE64), section -> {
        if (section.has(HEX) == section.has(BASE64)) {
            section.reading().problems().error(section.node(), "write bytes as one of hex or base64");
        }
        return section.find(HEX).or(() -> section.find(BASE64)).orElse(new byte[0]);
    });

    private final byte[] value;
    private final Optional<Secret> secret;

    private Bytes(byte[] value, Optional<Secret> secret) {
        this.value = value;
        this.secret = secret;
    }

    static final ValueType<Bytes> TYPE = new ValueType<>() {
        private final ValueType<String> text = Types.text();

        @Override
        public Optional<Bytes> read(Node node, Reading reading) {
            Optional<byte[]> value = node instanceof Node.Fields
                    ? CODED.read(node, reading)
                    : text.read(node, reading).map(t -> t.getBytes(StandardCharsets.UTF_8));
            if (value.isPresent() && value.get().length == 0) {
                reading.problems().error(node, "expected at least one byte");
                return Optional.empty();
            }
            return value.map(v -> new Bytes(v, secretOf(node, v)));
        }

        @Override
        public String describe() {
            return "text, or bytes as {hex: \"…\"} or {base64: \"…\"}";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("anyOf", List.of(text.jsonSchema(), CODED.jsonSchema()));
        }
    };

    byte[] value() {
        return value.clone();
    }

    /** Present where they came from a secret's reference: as text, to mask their echo. */
    Optional<Secret> secret() {
        return secret;
    }

    private static Optional<Secret> secretOf(Node node, byte[] value) {
        boolean secret =
                switch (node) {
                    case Node.Scalar scalar -> scalar.secret();
                    case Node.Fields fields ->
                        fields.fields().values().stream().anyMatch(f -> f instanceof Node.Scalar s && s.secret());
                    case Node.Items _ -> false;
                };
        String text = new String(value, StandardCharsets.UTF_8).strip(); // an echo may lack the line end
        return secret && !text.isEmpty() ? Optional.of(new Secret(text)) : Optional.empty();
    }

    private static Optional<byte[]> hex(String text) {
        try {
            return Optional.of(HexFormat.of().parseHex(text.replaceAll("[\\s:]", "")));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> base64(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text.replaceAll("\\s", "")));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return secret.isPresent() ? Secret.MASK : value.length + " bytes";
    }
}
