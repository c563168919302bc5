package dev.gatewatch.probes.httpclient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.Cookie;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/** The cookies of one run: set by one hop, sent with the next, then forgotten (RFC 6265). Confined to the run's thread. */
final class Cookies {
    /** As browsers bound it for a site, roughly; a hostile target should not grow our requests. */
    private static final int MOST = 50;

    private final List<Cookie> kept = new ArrayList<>();

    void keep(HttpUrl url, Headers headers) {
        for (Cookie cookie : Cookie.parseAll(url, headers)) {
            kept.removeIf(old -> old.name().equals(cookie.name())
                    && old.domain().equals(cookie.domain())
                    && old.path().equals(cookie.path()));
            boolean deleted = cookie.persistent() && cookie.expiresAt() <= System.currentTimeMillis();
            if (!deleted && kept.size() < MOST) {
                kept.add(cookie);
            }
        }
    }

    /** Forgets them all. */
    void clear() {
        kept.clear();
    }

    /** The {@code Cookie} header for a URL, where any fits. */
    Optional<String> header(HttpUrl url) {
        return header(url, Optional.empty());
    }

    /**
     * The {@code Cookie} header for a URL, where any fits.
     *
     * @param configured a header to begin with; a cookie of it that an answer has set anew is left out
     */
    Optional<String> header(HttpUrl url, Optional<String> configured) {
        List<Cookie> fitting = kept.stream().filter(cookie -> cookie.matches(url)).toList();
        Stream<String> before = configured.stream()
                .flatMap(header -> Arrays.stream(header.split(";")))
                .map(String::strip)
                .filter(pair -> !pair.isEmpty())
                .filter(pair -> fitting.stream().noneMatch(cookie -> pair.startsWith(cookie.name() + "=")));
        String all = Stream.concat(before, fitting.stream().map(cookie -> cookie.name() + "=" + cookie.value()))
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }
}
