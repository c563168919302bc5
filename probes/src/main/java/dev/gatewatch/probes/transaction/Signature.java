package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A signature over a text: an HMAC (RFC 2104) with a key, or a plain hash without. Immutable.
 *
 * @param key the bytes; absent for a plain hash
 */
record Signature(Algorithm algorithm, Optional<ByteString> key, Template over, Output output) {
    /** Variables that hold the request of the step, after everything but its headers is put together. */
    static final List<String> OF_REQUEST = List.of("request_method", "request_url", "request_path", "request_body");

    private static final Key<Algorithm> ALGORITHM =
            Key.withDefault("algorithm", Types.oneOf(Algorithm.class), Algorithm.SHA256, "sha256", "Hash function.");
    private static final Key<Secret> KEY = Key.optional(
            "key", Types.secret(), "Key of the HMAC, usually ${env:…} or ${file:…}; left out: a plain hash.");
    private static final Key<Encoding> KEY_ENCODING =
            Key.withDefault("key_encoding", Types.oneOf(Encoding.class), Encoding.TEXT, "text", "How the key is written.");
    private static final Key<Template> OVER = Key.required(
            "over",
            Template.type(),
            "What is signed: text with $(variables), among them $(request_method), $(request_url), $(request_path) (with its query)"
                    + " and $(request_body) of the step.");
    private static final Key<Output> OUTPUT =
            Key.withDefault("output", Types.oneOf(Output.class), Output.HEX, "hex", "How the signature is written.");

    static final SectionType<Signature> TYPE = SectionType.of(
            "sign", List.of(ALGORITHM, KEY, KEY_ENCODING, OVER, OUTPUT), Signature::read);

    enum Algorithm {
        SHA256("SHA-256"),
        SHA512("SHA-512"),
        SHA1("SHA-1"),
        MD5("MD5");

        private final String digest;

        Algorithm(String digest) {
            this.digest = digest;
        }

        private byte[] apply(Optional<ByteString> key, byte[] text) {
            try {
                if (key.isEmpty()) {
                    return MessageDigest.getInstance(digest).digest(text);
                }
                String name = "Hmac" + name();
                Mac mac = Mac.getInstance(name);
                mac.init(new SecretKeySpec(key.get().toByteArray(), name));
                return mac.doFinal(text);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has " + name(), e);
            }
        }
    }

    enum Encoding {
        TEXT,
        HEX,
        BASE64;

        private @Nullable ByteString decode(String text) {
            return switch (this) {
                case TEXT -> ByteString.encodeUtf8(text);
                case HEX -> text.length() % 2 == 0 && text.matches("[0-9A-Fa-f]+") ? ByteString.decodeHex(text) : null;
                case BASE64 -> ByteString.decodeBase64(text);
            };
        }
    }

    enum Output {
        HEX,
        HEX_UPPER,
        BASE64,
        BASE64URL;

        private String write(byte[] bytes) {
            return switch (this) {
                case HEX -> HexFormat.of().formatHex(bytes);
                case HEX_UPPER -> HexFormat.of().formatHex(bytes).toUpperCase(Locale.ROOT);
                case BASE64 -> Base64.getEncoder().encodeToString(bytes);
                case BASE64URL -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            };
        }
    }

    private static Signature read(Section section) {
        Optional<ByteString> key = section.find(KEY).flatMap(secret -> {
            ByteString bytes = section.get(KEY_ENCODING).decode(secret.reveal());
            if (bytes == null || bytes.size() == 0) {
                section.problem(KEY, "the key is not " + section.get(KEY_ENCODING).name().toLowerCase(Locale.ROOT)
                        + " as key_encoding says");
                return Optional.empty();
            }
            return Optional.of(bytes);
        });
        return new Signature(section.get(ALGORITHM), key, section.get(OVER), section.get(OUTPUT));
    }

    /** Whether it signs the request that it goes with, so that only headers can carry it. */
    boolean isOverRequest() {
        return over.names().stream().anyMatch(OF_REQUEST::contains);
    }

    String make(Variables variables) throws UnusableVariable {
        return output.write(algorithm.apply(key, over.render(variables).getBytes(StandardCharsets.UTF_8)));
    }

    /** The key as text, for masking. */
    List<Secret> secrets() {
        return key.map(k -> List.of(new Secret(k.utf8()))).orElse(List.of());
    }

    @Override
    public String toString() {
        return "signature " + algorithm;
    }
}
