package dev.gatewatch.probes.identity;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.RequestKeys;
import dev.gatewatch.probes.httpclient.UrlType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/** Requests that are written as paths below a common address, so that regions can set that address once. */
public final class Paths {
    /** The common address. */
    public static final Key<HttpUrl> BASE = Key.required(
            "url",
            UrlType.INSTANCE,
            "Where to ask: an http:// or https:// address, to which each path is appended.");

    private static final Key<String> PATH = Key.withDefault(
            "path",
            Types.text("a path that begins with / (or with ? for a query)", "[/?][^\\s#]{0,2000}|"),
            "",
            "none",
            "Appended to url: /orders/7?full=true.");

    /** The keys of a request's section; it has no credential of its own. */
    public static final List<Key<?>> REQUEST_KEYS = Stream.concat(
                    Stream.of(PATH),
                    RequestKeys.ALL.stream().filter(key -> key != RequestKeys.URL && key != RequestKeys.AUTH))
            .toList();

    private Paths() {}

    /**
     * Reads {@link #REQUEST_KEYS} from a clean section; problems are told to it.
     *
     * @param whole the section that has {@link #BASE}
     */
    public static HttpRequest read(Section section, Section whole) {
        HttpUrl base = whole.get(BASE);
        boolean hidden = isSecret(whole, BASE) || isSecret(section, PATH);
        Optional<HttpUrl> url = joined(base, section.get(PATH));
        if (url.isEmpty()) {
            section.problem(PATH, "with url this makes no address");
        }
        return RequestKeys.read(section, url.orElse(base), hidden);
    }

    /** A GET of the common address itself. */
    public static HttpRequest plain(Section whole) {
        return new HttpRequest(
                whole.get(BASE), isSecret(whole, BASE), "GET", new LinkedHashMap<>(), Optional.empty(), Optional.empty());
    }

    static Optional<HttpUrl> joined(HttpUrl base, String path) {
        if (path.isEmpty()) {
            return Optional.of(base);
        }
        String before = base.newBuilder().query(null).build().toString();
        String trimmed = before.endsWith("/") && path.startsWith("/") ? before.substring(0, before.length() - 1) : before;
        return UrlType.parse(trimmed + path);
    }

    /** The common address for people and labels. */
    public static String shown(Section whole) {
        return UrlType.shown(whole.get(BASE), isSecret(whole, BASE));
    }

    private static boolean isSecret(Section section, Key<?> key) {
        return section.at(key) instanceof Node.Scalar s && s.secret();
    }
}
