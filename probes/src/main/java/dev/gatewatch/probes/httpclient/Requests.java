package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Secret;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import okhttp3.Headers;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.ByteString;

/** Builds what is sent for a hop. Pure, but for the span id. */
final class Requests {
    static final String USER_AGENT = "Gatewatch/"
            + Optional.ofNullable(Requests.class.getPackage().getImplementationVersion())
                    .orElse("dev");

    private Requests() {}

    /**
     * The request of a hop.
     *
     * @param cookies those that answers have set
     * @param login an Authorization header that answers a challenge
     */
    static Request of(Hop hop, HttpRequest asked, Cookies cookies, Optional<Secret> login, String traceId) {
        var headers = new Headers.Builder();
        headers.set("User-Agent", USER_AGENT);
        headers.set("Accept", "*/*");
        headers.set("Accept-Encoding", "gzip");
        headers.set("traceparent", traceparent(traceId));
        if (hop.withBody()) {
            asked.body().flatMap(HttpRequest.Content::contentType).ifPresent(type -> headers.set("Content-Type", type));
        }
        boolean bodyLost = asked.body().isPresent() && !hop.withBody();
        asked.headers().forEach((name, text) -> {
            if (isSent(name, text, hop, bodyLost)) {
                set(headers, name, text.value().reveal());
            }
        });
        if (hop.home()) {
            asked.auth()
                    .filter(auth -> !(auth instanceof Auth.Digest))
                    .map(Auth::header)
                    .or(() -> login)
                    .ifPresent(value -> set(headers, "Authorization", value.reveal()));
        }
        cookies.header(hop.url(), Optional.ofNullable(headers.get("Cookie"))).ifPresent(all -> set(headers, "Cookie", all));
        return new Request.Builder()
                .url(hop.url())
                .headers(headers.build())
                .method(hop.method(), body(hop, asked))
                .build();
    }

    private static boolean isSent(String name, HeaderText text, Hop hop, boolean bodyLost) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean ofHome = text.isCredential(name) || lower.equals("host");
        // a redirect may have turned the request into one without the body that these describe
        boolean ofLostBody = lower.startsWith("content-") && bodyLost;
        return (hop.home() || !ofHome) && !ofLostBody;
    }

    private static void set(Headers.Builder headers, String name, String value) {
        headers.removeAll(name);
        headers.addUnsafeNonAscii(name, value);
    }

    private static @org.jspecify.annotations.Nullable RequestBody body(Hop hop, HttpRequest asked) {
        if (hop.withBody()) {
            return RequestBody.create(asked.body().orElseThrow().bytes(), null);
        }
        return switch (hop.method()) {
            // methods whose meaning is in the body get an empty one, as every client sends it
            case "POST", "PUT", "PATCH", "PROPPATCH", "REPORT", "QUERY" -> RequestBody.create(ByteString.EMPTY, null);
            default -> null;
        };
    }

    /** W3C Trace Context, version 00, sampled; each request is a span of its own. */
    private static String traceparent(String traceId) {
        long span = ThreadLocalRandom.current().nextLong();
        return "00-" + traceId + "-" + HexFormat.of().toHexDigits(span == 0 ? 1 : span) + "-01";
    }
}
