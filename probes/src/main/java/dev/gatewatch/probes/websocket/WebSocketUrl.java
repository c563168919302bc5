package dev.gatewatch.probes.websocket;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.httpclient.UrlType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * A {@code ws://} or {@code wss://} address (RFC 6455, section 3). Immutable.
 *
 * @param http the same with http or https
 * @param hidden whether a secret went into it
 */
record WebSocketUrl(HttpUrl http, boolean hidden) {
    static final ValueType<WebSocketUrl> TYPE = new ValueType<>() {
        @Override
        public Optional<WebSocketUrl> read(Node node, Reading reading) {
            if (!(node instanceof Node.Scalar s) || s.tag() == Node.Tag.NULL) {
                reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
                return Optional.empty();
            }
            Optional<HttpUrl> url = parse(s.text());
            if (url.isEmpty()) {
                reading.problems().error(s, "expected " + describe() + ", found " + s.shown());
                return Optional.empty();
            }
            if (!url.get().username().isEmpty() || !url.get().password().isEmpty()) {
                reading.problems()
                        .error(
                                s,
                                "user name and password do not belong in the URL, where everyone sees them",
                                "write auth: {basic: {username: …, password: \"${env:…}\"}}");
                return Optional.empty();
            }
            return Optional.of(new WebSocketUrl(url.get(), s.secret()));
        }

        @Override
        public String describe() {
            return "a URL starting with ws:// or wss://";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("type", "string", "format", "uri", "pattern", "^[wW][sS][sS]?://");
        }
    };

    static Optional<HttpUrl> parse(String text) {
        boolean fits = text.regionMatches(true, 0, "ws://", 0, 5) || text.regionMatches(true, 0, "wss://", 0, 6);
        return fits ? UrlType.parse("http" + text.substring(2)) : Optional.empty();
    }

    boolean secure() {
        return http.isHttps();
    }

    HostPort hostPort() {
        return new HostPort(http.host(), http.port());
    }

    /** For people and labels. */
    String shown() {
        return "ws" + UrlType.shown(http, hidden).substring("http".length());
    }

    /** The value of the {@code Host} header. */
    String hostHeader() {
        String origin = UrlType.origin(http);
        return origin.substring(origin.indexOf("//") + 2);
    }

    /** Path and query, as the request line has them. */
    String resource() {
        String query = http.encodedQuery();
        return query == null ? http.encodedPath() : http.encodedPath() + "?" + query;
    }

    List<Secret> secrets() {
        return UrlType.secrets(http, hidden);
    }

    @Override
    public String toString() {
        return shown();
    }
}
