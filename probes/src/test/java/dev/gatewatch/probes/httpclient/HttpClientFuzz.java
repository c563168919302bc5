package dev.gatewatch.probes.httpclient;

import dev.gatewatch.probes.fuzz.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okio.ByteString;

/** Headers and JSON of servers. */
public final class HttpClientFuzz {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    private HttpClientFuzz() {}

    public static List<Target> targets() {
        return List.of(
                Target.ofText(
                        "json",
                        bytes -> {
                            try {
                                var tree = Json.parse(bytes);
                                Json.shown(tree);
                                Json.same(tree, Json.parse(Json.bytes(tree)));
                            } catch (Json.Invalid _) {
                                // as it may be
                            }
                        },
                        "{\"status\":\"UP\",\"n\":[1,2.5,-3e7,null,true,{\"a\":\"\\u00e9\\n\"}],\"big\":123456789012345678901234567890}"),
                Target.ofText(
                        "quota-headers",
                        bytes -> {
                            Headers headers = headers(Target.text(bytes));
                            Quota quota = Quota.of(headers, NOW);
                            if (quota.isLow()) {
                                quota.shown();
                            }
                            quota.shown();
                            Quota.retryAfter(headers, NOW);
                        },
                        "X-RateLimit-Limit: 100\nX-RateLimit-Remaining: 3\nX-RateLimit-Reset: 1772452800\nRetry-After: 120",
                        "RateLimit-Policy: \"hour\";q=1000;w=3600, \"day\";q=5000;w=86400\nRateLimit: \"hour\";r=5;t=30",
                        "RateLimit: limit=100, remaining=50, reset=5\nRetry-After: Mon, 02 Mar 2026 12:01:00 GMT"),
                Target.ofText(
                        "digest-challenge",
                        bytes -> DigestChallenge.first(List.of(Target.text(bytes).split("\n", -1))),
                        "Digest realm=\"a \\\"b\\\"\", nonce=\"n\", qop=\"auth,auth-int\", algorithm=SHA-256, opaque=\"o\", stale=TRUE",
                        "Basic realm=x, Digest realm=\"y\",nonce=z,userhash=true, Bearer error=\"invalid_token\""));
    }

    /** Header lines as a server would send them. */
    public static Headers headers(String text) {
        var headers = new Headers.Builder();
        for (String line : text.split("\n", -1)) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).replaceAll("[^!-~]", "");
            if (!name.isEmpty()) {
                headers.addUnsafeNonAscii(name, line.substring(colon + 1).replace("\r", "").strip());
            }
        }
        return headers.build();
    }

    /** An answer of a status with this body. */
    public static Answer answer(int status, String headers, byte[] body) {
        return new Answer(
                HttpUrl.get("http://127.0.0.1/"),
                HttpVersion.values()[0],
                status,
                "",
                headers(headers),
                -1,
                new Answer.Body(ByteString.of(body), Optional.empty()),
                true,
                false);
    }
}
