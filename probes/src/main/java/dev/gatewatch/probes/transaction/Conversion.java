package dev.gatewatch.probes.transaction;

import dev.gatewatch.probes.httpclient.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;

/** How a variable's value is written where it is put in. */
enum Conversion {
    /** As the place wants it: encoded in a URL, as it is everywhere else. */
    PLAIN,
    /** As it is, also in a URL. */
    RAW,
    /** Percent-encoded (RFC 3986, all but unreserved characters). */
    URL,
    /** As a JSON text with its quotes, for bodies written as text. */
    QUOTED,
    BASE64,
    /** As the JSON value that it is the text of: a number, true, a list; only as the whole of a value in {@code json}. */
    JSON;

    private static final String HEX = "0123456789ABCDEF";

    /** The words after {@code |}. */
    static final List<String> WORDS =
            Stream.of(values()).filter(c -> c != PLAIN).map(Conversion::word).toList();

    static Optional<Conversion> of(String word) {
        return Stream.of(values()).filter(c -> c != PLAIN && c.word().equals(word)).findFirst();
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    String apply(String value) {
        return switch (this) {
            case PLAIN, RAW, JSON -> value;
            case URL -> encoded(value);
            case QUOTED -> new String(Json.bytes(JsonNodeFactory.instance.stringNode(value)), StandardCharsets.UTF_8);
            case BASE64 -> Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
        };
    }

    private static String encoded(String value) {
        var out = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            boolean unreserved =
                    (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || "-._~".indexOf(b) >= 0;
            if (unreserved) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
            }
        }
        return out.toString();
    }
}
