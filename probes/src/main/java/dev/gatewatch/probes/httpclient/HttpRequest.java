package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Secret;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import okhttp3.HttpUrl;
import okio.ByteString;

/**
 * What to send. Immutable.
 *
 * @param hiddenUrl whether a secret went into the URL, which is then shown by its origin only
 * @param headers as configured, without those that follow from {@code auth}
 * @param body absent where none is sent
 */
public record HttpRequest(
        HttpUrl url,
        boolean hiddenUrl,
        String method,
        SequencedMap<String, HeaderText> headers,
        Optional<Auth> auth,
        Optional<Content> body) {
    public HttpRequest {
        headers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(headers));
    }

    /** A GET without anything beside its URL. */
    public static HttpRequest get(HttpUrl url) {
        return new HttpRequest(url, false, "GET", new LinkedHashMap<>(), Optional.empty(), Optional.empty());
    }

    /** A request body. Immutable; {@code toString} shows none of it. */
    public record Content(ByteString bytes, Optional<String> contentType) {
        @Override
        public String toString() {
            return bytes.size() + " bytes";
        }
    }

    /** The URL for people and labels. */
    public String target() {
        return UrlType.shown(url, hiddenUrl);
    }

    /** Everything in it that must not be seen in what a peer sends back; the body is its owner's to judge. */
    public List<Secret> secrets() {
        var secrets = new ArrayList<Secret>();
        auth.ifPresent(a -> secrets.addAll(a.secrets()));
        headers.forEach((name, text) -> {
            if (text.isCredential(name)) {
                secrets.add(text.value());
                // a peer may echo the credential without its scheme
                String value = text.value().reveal();
                secrets.add(new Secret(value.substring(value.lastIndexOf(' ') + 1)));
                if (name.equalsIgnoreCase("cookie")) {
                    for (String pair : value.split(";")) {
                        secrets.add(new Secret(pair.substring(pair.indexOf('=') + 1).strip()));
                    }
                }
            }
        });
        secrets.addAll(UrlType.secrets(url, hiddenUrl));
        return List.copyOf(secrets);
    }

    /** The same request with another credential. */
    public HttpRequest with(Auth other) {
        return new HttpRequest(url, hiddenUrl, method, headers, Optional.of(other), body);
    }

    /** The same request with one header more, in the place of another of its name. */
    public HttpRequest withHeader(String name, String value) {
        var all = new LinkedHashMap<>(headers);
        all.keySet().removeIf(name::equalsIgnoreCase);
        all.put(name, new HeaderText(new Secret(value), false));
        return new HttpRequest(url, hiddenUrl, method, all, auth, body);
    }

    /** The value of a configured header. */
    public Optional<Secret> header(String name) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(header -> header.getValue().value())
                .findFirst();
    }

    /** Whether it carries a credential; one that answers a challenge only when it does. */
    boolean hasCredential(boolean challengeAnswered) {
        return auth.filter(a -> challengeAnswered || !(a instanceof Auth.Digest)).isPresent()
                || headers.entrySet().stream()
                        .anyMatch(header -> header.getValue().isCredential(header.getKey()))
                || url.queryParameterNames().stream().anyMatch(HeaderText::namesCredential);
    }
}
