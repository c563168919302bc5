package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;

/** An {@code http://} or {@code https://} address, and how it is shown. */
public final class UrlType implements ValueType<HttpUrl> {
    public static final UrlType INSTANCE = new UrlType();

    private UrlType() {}

    @Override
    public Optional<HttpUrl> read(Node node, Reading reading) {
        if (!(node instanceof Node.Scalar s) || s.tag() == Node.Tag.NULL) {
            reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
            return Optional.empty();
        }
        Optional<HttpUrl> url = parse(s.text());
        if (url.isEmpty()) {
            reading.problems().error(s, "expected " + describe() + ", found " + s.shown());
        } else if (!url.get().username().isEmpty() || !url.get().password().isEmpty()) {
            reading.problems()
                    .error(
                            s,
                            "user name and password do not belong in the URL, where everyone sees them",
                            "write auth: {basic: {username: …, password: \"${env:…}\"}}");
            return Optional.empty();
        }
        return url;
    }

    public static Optional<HttpUrl> parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        // the parser is as lenient as a browser's: http:/x and http:x would do
        if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
            return Optional.empty();
        }
        return Optional.ofNullable(HttpUrl.parse(text))
                .map(url -> url.newBuilder().fragment(null).build());
    }

    @Override
    public String describe() {
        return "a URL starting with http:// or https://";
    }

    @Override
    public Map<String, Object> jsonSchema() {
        return Map.of("type", "string", "format", "uri", "pattern", "^[hH][tT][tT][pP][sS]?://");
    }

    /**
     * A URL for people and labels.
     *
     * @param hidden whether a secret went into it; then only the origin is shown
     */
    public static String shown(HttpUrl url, boolean hidden) {
        if (hidden) {
            return origin(url) + "/" + Secret.MASK;
        }
        if (url.query() == null) {
            return url.toString();
        }
        var shown = new StringBuilder(url.newBuilder().query(null).build().toString());
        for (int i = 0; i < url.querySize(); i++) {
            String name = url.queryParameterName(i);
            String value = url.queryParameterValue(i);
            shown.append(i == 0 ? '?' : '&').append(name);
            if (value != null) {
                shown.append('=').append(HeaderText.namesCredential(name) ? Secret.MASK : value);
            }
        }
        return shown.toString();
    }

    /** {@code https://host}, with the port where it is not the scheme's own. */
    public static String origin(HttpUrl url) {
        String host = url.host().indexOf(':') >= 0 ? "[" + url.host() + "]" : url.host();
        boolean usual = url.port() == HttpUrl.defaultPort(url.scheme());
        return url.scheme() + "://" + host + (usual ? "" : ":" + url.port());
    }

    /** The parts of a URL that must not be seen. */
    public static List<Secret> secrets(HttpUrl url, boolean hidden) {
        var secrets = new ArrayList<Secret>();
        if (hidden) {
            secrets.add(new Secret(url.encodedPath().substring(1)));
            url.pathSegments().forEach(segment -> secrets.add(new Secret(segment)));
        }
        for (int i = 0; i < url.querySize(); i++) {
            String value = url.queryParameterValue(i);
            if (value != null && (hidden || HeaderText.namesCredential(url.queryParameterName(i)))) {
                secrets.add(new Secret(value));
            }
        }
        return secrets;
    }
}
