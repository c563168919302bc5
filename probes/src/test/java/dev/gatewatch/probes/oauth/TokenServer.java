package dev.gatewatch.probes.oauth;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * An authorization server over real HTTP: client credentials, refresh tokens that rotate and are good once, introspection. What it
 * answers to token requests can be replaced.
 */
final class TokenServer implements AutoCloseable {
    static final String ID = "shop client";
    static final String SECRET = "s3cret:with%odd/chars";

    final MockWebServer http = new MockWebServer();
    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final Set<String> active = ConcurrentHashMap.newKeySet();
    final Set<String> refreshable = ConcurrentHashMap.newKeySet();
    final AtomicInteger issued = new AtomicInteger();
    private final AtomicInteger refreshes = new AtomicInteger();

    volatile Object expiresIn = 3600;
    volatile Duration delay = Duration.ZERO;
    volatile boolean rotating = true;
    /** Instead of the server's own answer, where it gives one. */
    volatile Function<Asked, @Nullable MockResponse> instead = _ -> null;

    private final Map<String, Function<RecordedRequest, MockResponse>> more = new ConcurrentHashMap<>();

    /** A token request as it came. */
    record Asked(Map<String, String> form, Headers headers) {
        String field(String name) {
            return form.getOrDefault(name, "");
        }
    }

    TokenServer() throws Exception {
        http.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return TokenServer.this.dispatch(request);
            }
        });
        refreshable.add("first-refresh-token");
    }

    TokenServer start() throws Exception {
        http.start(InetAddress.getLoopbackAddress(), 0);
        return this;
    }

    /** What is answered on another path. */
    TokenServer serve(String path, Function<RecordedRequest, MockResponse> answer) {
        more.put(path, answer);
        return this;
    }

    String url(String path) {
        return http.url(path).toString();
    }

    String tokenUrl() {
        return url("/token");
    }

    /** A client of this server, as a user writes it. */
    Map<String, Object> client(Map<String, ?> over) {
        var client = new LinkedHashMap<String, Object>();
        client.put("token_url", tokenUrl());
        client.put("client_id", ID);
        client.put("client_secret", SECRET);
        client.putAll(over);
        return client;
    }

    long requests() {
        return asked.size();
    }

    private MockResponse dispatch(RecordedRequest request) {
        String path = request.getUrl().encodedPath();
        if (more.containsKey(path)) {
            return more.get(path).apply(request);
        }
        var ask = new Asked(form(request), request.getHeaders());
        if (path.equals("/introspect")) {
            return json(200, "{\"active\":" + active.contains(ask.field("token")) + ",\"scope\":\"orders\"}");
        }
        asked.add(ask);
        MockResponse other = instead.apply(ask);
        return other != null ? other : token(ask);
    }

    private MockResponse token(Asked ask) {
        if (!isClient(ask)) {
            return json(401, "{\"error\":\"invalid_client\",\"error_description\":\"Client authentication failed\"}");
        }
        return switch (ask.field("grant_type")) {
            case "client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer" -> granted(nextRefresh());
            case "refresh_token" ->
                rotating ? refreshable.remove(ask.field("refresh_token")) ? granted(nextRefresh()) : reused()
                        : refreshable.contains(ask.field("refresh_token")) ? granted("") : reused();
            default -> json(400, "{\"error\":\"unsupported_grant_type\"}");
        };
    }

    private String nextRefresh() {
        return "refresh-token-number-" + refreshes.incrementAndGet();
    }

    /** RFC 9700, 4.14.2: who uses one twice loses them all. */
    private MockResponse reused() {
        refreshable.clear();
        return json(400, "{\"error\":\"invalid_grant\",\"error_description\":\"The refresh token was used before\"}");
    }

    private MockResponse granted(String refresh) {
        String access = "access-token-number-" + issued.incrementAndGet();
        active.add(access);
        if (!refresh.isEmpty()) {
            refreshable.add(refresh);
        }
        return json(
                200,
                "{\"access_token\":\"" + access + "\",\"token_type\":\"Bearer\",\"expires_in\":" + expiresIn
                        + (refresh.isEmpty() ? "" : ",\"refresh_token\":\"" + refresh + "\",\"refresh_expires_in\":86400")
                        + ",\"scope\":\"orders payments\"}");
    }

    private static boolean isClient(Asked ask) {
        String header = ask.headers().get("Authorization");
        if (header == null) {
            return ask.field("client_id").equals(ID) && ask.field("client_secret").equals(SECRET);
        }
        String pair = new String(
                Base64.getDecoder().decode(header.substring("Basic ".length())), StandardCharsets.UTF_8);
        String[] parts = pair.split(":", 2);
        return decoded(parts[0]).equals(ID) && decoded(parts[1]).equals(SECRET);
    }

    MockResponse json(int status, String body) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", "application/json")
                .headersDelay(delay.toMillis(), TimeUnit.MILLISECONDS)
                .body(body)
                .build();
    }

    private static Map<String, String> form(RecordedRequest request) {
        var form = new LinkedHashMap<String, String>();
        var body = request.getBody();
        for (String pair : (body == null ? "" : body.utf8()).split("&")) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                form.put(decoded(parts[0]), decoded(parts[1]));
            }
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
