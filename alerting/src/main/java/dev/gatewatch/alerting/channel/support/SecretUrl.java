package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.config.Secret;
import dev.gatewatch.config.ValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import okhttp3.Credentials;
import okhttp3.HttpUrl;

/** An http or https address that holds a secret: in its path, its query or its user info. Only scheme, host and port are ever shown. Immutable. */
public final class SecretUrl {
    /** Parts shorter than this are words of the address ("api", "v2") rather than secrets, and would mask half of any text. */
    private static final int SHORTEST_SECRET = 6;

    private final HttpUrl url;
    private final List<Secret> secrets;

    private SecretUrl(HttpUrl url) {
        this.url = url;
        var parts = new ArrayList<String>();
        parts.add(url.toString());
        parts.add(url.encodedPath() + (url.encodedQuery() == null ? "" : "?" + url.encodedQuery()));
        parts.add(url.encodedPath());
        parts.add(url.password());
        parts.add(url.encodedPassword());
        parts.add(url.username());
        parts.addAll(url.pathSegments());
        parts.addAll(url.encodedPathSegments());
        for (int i = 0; i < url.querySize(); i++) {
            String value = url.queryParameterValue(i);
            if (value != null) {
                parts.add(value);
            }
        }
        credentials(url).ifPresent(header -> parts.add(encodedPart(header)));
        // the longest first, so that masking a part does not hide the whole from being recognised
        this.secrets = parts.stream()
                .filter(part -> part.length() >= SHORTEST_SECRET)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Secret::new)
                .toList();
    }

    /** The value type for a channel's key. */
    public static ValueType<SecretUrl> type() {
        return SecretValues.of("a URL starting with http:// or https://", SecretUrl::parse);
    }

    public static Optional<SecretUrl> parse(String text) {
        return Optional.ofNullable(HttpUrl.parse(text)).map(SecretUrl::new);
    }

    /** An address that was put together of others. */
    public static SecretUrl of(HttpUrl url) {
        return new SecretUrl(url);
    }

    /** The address itself, for the one call that needs it; without user info, which goes into {@link #basicCredentials}. */
    public HttpUrl reveal() {
        return url.newBuilder().username("").password("").build();
    }

    /** The value of an Authorization header made of the user info, where there is one. */
    public Optional<String> basicCredentials() {
        return credentials(url);
    }

    private static Optional<String> credentials(HttpUrl url) {
        return url.username().isEmpty() && url.password().isEmpty()
                ? Optional.empty()
                : Optional.of(Credentials.basic(url.username(), url.password(), java.nio.charset.StandardCharsets.UTF_8));
    }

    /** What a receiver that complains about an Authorization header might say back of it. */
    static String encodedPart(String header) {
        return header.substring(header.indexOf(' ') + 1);
    }

    /** All that must not be seen of it, longest first. */
    public List<Secret> secrets() {
        return secrets;
    }

    /** Scheme, host and port, as {@code https://hooks.example.com}. */
    @Override
    public String toString() {
        String host = url.host().indexOf(':') >= 0 ? "[" + url.host() + "]" : url.host();
        boolean usual = url.port() == HttpUrl.defaultPort(url.scheme());
        return url.scheme() + "://" + host + (usual ? "" : ":" + url.port());
    }
}
