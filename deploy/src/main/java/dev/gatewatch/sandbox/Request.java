package dev.gatewatch.sandbox;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTP request, read in whole. Immutable.
 *
 * @param path without the query
 * @param query without the question mark; empty if there was none
 * @param headers by lower-case name; repeated ones joined with commas
 * @param body as UTF-8 text
 */
record Request(String method, String path, String query, Map<String, String> headers, String body) {
    Request {
        headers = Map.copyOf(headers);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The parts of the path: {@code /orders/7} is {@code [orders, 7]}, {@code /} is empty. */
    List<String> segments() {
        return List.of(path.split("/")).stream().filter(s -> !s.isEmpty()).toList();
    }

    Map<String, String> queryFields() {
        return fields(query);
    }

    /** The body read as an HTML form. */
    Map<String, String> formFields() {
        return fields(body);
    }

    /** {@code a=1&b=2}, percent-decoded; the last of a repeated name counts. */
    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return text;
        }
    }
}
