package dev.gatewatch.web;

import io.javalin.http.Context;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stands before every request: security headers, the right host, no foreign page pulling levers, and who the caller is. */
final class Guard {
    /** For load balancers and container platforms, which have no password. They tell nothing but whether the daemon works. */
    private static final Set<String> OPEN_PATHS = Set.of("/-/healthy", "/-/ready");

    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

    /** No request of ours has a body worth mentioning; one without an announced length is not read at all. */
    static final long LARGEST_BODY = 64 * 1024;

    /** What another Alertmanager sends may name a thousand alerts. */
    static final long LARGEST_INBOUND = 1024 * 1024;

    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final ServerSettings settings;
    private final Doorkeeper doorkeeper;

    Guard(ServerSettings settings, Doorkeeper doorkeeper) {
        this.settings = settings;
        this.doorkeeper = doorkeeper;
    }

    /** @throws Refusal where the request must not be served */
    void check(Context ctx) {
        secure(ctx);
        checkHost(ctx.header("Host"));
        if (ctx.req().getContentLengthLong() > (ctx.path().equals(DeskApi.INBOUND) ? LARGEST_INBOUND : LARGEST_BODY)) {
            throw new Refusal(413, "the request is too large");
        }
        boolean changes = !SAFE_METHODS.contains(ctx.req().getMethod());
        // a probe on demand reads, and yet sends packets where the asker says: no page of another site may ask for one
        if (changes || ctx.path().equals(Api.PROBE)) {
            checkSameSite(ctx);
        }
        if (OPEN_PATHS.contains(ctx.path())) {
            return;
        }
        Caller caller = doorkeeper.admit(ctx.header("Authorization"), ctx.req().getRemoteAddr());
        ctx.attribute(Caller.ATTRIBUTE, caller);
        if (!caller.role().covers(changes ? Role.OPERATOR : Role.VIEWER)) {
            throw new Refusal(403, "a viewer may not do this; it takes an operator");
        }
    }

    private static void secure(Context ctx) {
        ctx.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        ctx.header("X-Content-Type-Options", "nosniff");
        ctx.header("X-Frame-Options", "DENY");
        ctx.header("Referrer-Policy", "same-origin");
        ctx.header("Cross-Origin-Opener-Policy", "same-origin");
        ctx.header("Cross-Origin-Resource-Policy", "same-origin");
        ctx.header("Cache-Control", "no-store");
    }

    /**
     * On loopback without authentication, any page in a browser on this machine could reach us under a name of its own that it
     * makes resolve to 127.0.0.1 (DNS rebinding); so only names that are ours are answered.
     */
    private void checkHost(@Nullable String header) {
        if (!settings.loopbackOnly() || header == null) {
            return;
        }
        String host = Hosts.inHeader(header);
        Optional<String> external = settings.externalUrl().map(URI::getHost);
        if (!Hosts.isLoopback(host) && external.filter(host::equalsIgnoreCase).isEmpty()) {
            throw new Refusal(
                    403,
                    "this server answers to localhost and to the host of server.external_url, not to the host that was asked for");
        }
    }

    /** Browsers say where a request comes from; programs say nothing and pass. */
    private void checkSameSite(Context ctx) {
        String site = ctx.header("Sec-Fetch-Site");
        boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
        String origin = ctx.header("Origin");
        if (origin != null && !foreign) {
            String asked = String.valueOf(ctx.header("Host")).toLowerCase(Locale.ROOT);
            String from = origin.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
            foreign = !from.equals(asked) && !isExternal(origin);
        }
        if (foreign) {
            throw new Refusal(403, "a page of another site asked for this; it was not done");
        }
    }

    private boolean isExternal(String origin) {
        try {
            URI uri = URI.create(origin);
            return settings.externalUrl()
                    .filter(e -> e.getScheme().equalsIgnoreCase(uri.getScheme())
                            && e.getHost().equalsIgnoreCase(uri.getHost())
                            && e.getPort() == uri.getPort())
                    .isPresent();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
