package dev.gatewatch.probes.transaction;

import dev.gatewatch.probes.callback.Callback;
import dev.gatewatch.probes.expect.JsonQuery;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.Json;
import dev.gatewatch.probes.httpclient.Sizes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import okhttp3.Headers;
import okio.ByteString;
import tools.jackson.databind.JsonNode;

/**
 * What captures are taken from: an answer, or a callback. Confined to one step.
 *
 * @param cookies the {@code Cookie} header as it would be sent back
 * @param shown for a message: {@code status 201, 57 bytes}
 */
record Captured(Headers headers, Optional<String> cookies, ByteString bytes, String text, String shown) {
    static Captured of(Answer answer, Optional<String> cookies) {
        ByteString bytes = answer.body().bytes();
        String type = answer.headers().get("Content-Type");
        return new Captured(
                answer.headers(),
                cookies,
                bytes,
                answer.text(),
                "status " + answer.status() + ", " + Sizes.format(bytes.size()) + (type == null ? "" : " of " + type));
    }

    static Captured of(Callback callback) {
        ByteString bytes = callback.body();
        return new Captured(
                callback.headers(),
                Optional.empty(),
                bytes,
                bytes.utf8(),
                callback.method() + ", " + Sizes.format(bytes.size()));
    }

    /** A text as it is, another value as JSON; null counts as nothing. */
    Optional<String> json(JsonQuery query) {
        return Json.tryParse(bytes.toByteArray())
                .flatMap(document -> query.find(document).stream().findFirst())
                .filter(value -> !value.isNull())
                .map(Captured::text);
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.stringValue() : new String(Json.bytes(value), StandardCharsets.UTF_8);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    Optional<String> cookie(String name) {
        for (String cookie : cookies.orElse("").split("; ", -1)) {
            int sign = cookie.indexOf('=');
            if (sign > 0 && cookie.substring(0, sign).equals(name)) {
                return Optional.of(cookie.substring(sign + 1));
            }
        }
        return Optional.empty();
    }

    Optional<String> body() {
        return Optional.of(text);
    }
}
