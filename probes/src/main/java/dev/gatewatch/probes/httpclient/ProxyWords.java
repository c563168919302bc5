package dev.gatewatch.probes.httpclient;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** What a proxy says of its own failure, in {@code Proxy-Status} (RFC 9209) or, as squid does, in {@code X-Squid-Error}. */
final class ProxyWords {
    private static final Pattern ERROR = Pattern.compile("(?:^|;)\\s*error\\s*=\\s*\"?([A-Za-z0-9_-]{1,80})");

    private ProxyWords() {}

    /** Looks a header up by its name in lower case. */
    @FunctionalInterface
    interface Lookup {
        @Nullable String get(String name);
    }

    /** Why the proxy itself could not serve; nothing where it does not say. */
    static Optional<String> why(Lookup headers) {
        String status = headers.get("proxy-status");
        Matcher error = ERROR.matcher(status == null ? "" : status);
        if (error.find()) {
            return Optional.of(error.group(1));
        }
        String squid = headers.get("x-squid-error");
        return squid == null || squid.isBlank() ? Optional.empty() : Optional.of(ConnectMethod.cut(squid));
    }

    /**
     * Why an answer that came through a proxy without a tunnel is the proxy's own failure and not the target's; to complete "proxy … ".
     */
    static Optional<String> failure(ProxySettings proxy, int status, Headers headers) {
        // tinyproxy says 401 for a wrong login, as if it were the target; what it passes on has the target's Server header
        boolean tinyproxy = Optional.ofNullable(headers.get("Server")).filter(s -> s.startsWith("tinyproxy")).isPresent();
        if (status == 407 || (tinyproxy && status == 401)) {
            return Optional.of(ConnectMethod.wantsLogin(proxy, headers.get("Proxy-Authenticate")));
        }
        return status < 400
                ? Optional.empty()
                : why(headers::get)
                        .or(() -> tinyproxy ? Optional.of("tinyproxy answered itself") : Optional.empty())
                        .map(why -> "could not serve the request: " + why + " (" + status + ")");
    }
}
