package dev.gatewatch.probes.httpclient;

import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * One request of a run. Immutable.
 *
 * @param withBody whether the configured body goes with it
 * @param home whether it goes to the origin that the configuration names, so that credentials may go with it
 */
record Hop(HttpUrl url, String method, boolean withBody, boolean home) {
    /**
     * The first hop.
     *
     * @param home what the configuration names; usually the request's own URL
     */
    static Hop first(HttpRequest request, HttpUrl home) {
        return new Hop(request.url(), request.method(), request.body().isPresent(), isHome(request.url(), home));
    }

    /** Whether a status is a redirect that can be followed (RFC 9110, 15.4). */
    static boolean isRedirect(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    /**
     * The next request, as browsers and the Fetch standard do it: 307 and 308 repeat the request; 303, and a POST after 301 and 302,
     * become a GET without body.
     *
     * @return nothing where the location is no http address
     */
    Optional<Hop> redirected(int status, String location, HttpUrl configured) {
        HttpUrl to = url.resolve(location);
        if (to == null) {
            return Optional.empty();
        }
        boolean repeat = status == 307 || status == 308;
        boolean becomesGet = !repeat
                && !method.equals("HEAD")
                && !method.equals("GET")
                && (status == 303 || method.equals("POST"));
        return Optional.of(new Hop(
                to.newBuilder().username("").password("").fragment(null).build(),
                becomesGet ? "GET" : method,
                withBody && !becomesGet,
                isHome(to, configured)));
    }

    /**
     * The same origin, or the usual step from http to https on the same host. Anything else must not see credentials: another port may
     * be another service.
     */
    static boolean isHome(HttpUrl to, HttpUrl configured) {
        if (!to.host().equals(configured.host())) {
            return false;
        }
        boolean same = to.scheme().equals(configured.scheme()) && to.port() == configured.port();
        boolean upgraded = to.isHttps() && to.port() == 443 && !configured.isHttps() && configured.port() == 80;
        return same || upgraded;
    }
}
