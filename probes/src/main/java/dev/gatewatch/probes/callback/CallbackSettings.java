package dev.gatewatch.probes.callback;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probes.httpclient.UrlType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * The {@code callbacks} section of a configuration. Immutable.
 *
 * @param listen port 0 takes any free one
 * @param publicUrl under which targets reach the listener; absent where it is the listener's own address
 * @param status what a callback is answered with
 * @param body likewise
 */
public record CallbackSettings(HostPort listen, Optional<HttpUrl> publicUrl, int status, String body) {
    private static final HostPort STANDARD_LISTEN = new HostPort("127.0.0.1", 9781);
    private static final Key<HostPort> LISTEN = Key.withDefault(
            "listen",
            Types.hostPort(0),
            STANDARD_LISTEN,
            "127.0.0.1:9781",
            "host:port on which callbacks are awaited; opened when the first transaction needs it.");
    private static final Key<HttpUrl> PUBLIC_URL = Key.optional(
            "public_url",
            UrlType.INSTANCE,
            "Address under which targets reach the listener, such as that of a reverse proxy; each run adds a secret path of its own."
                    + " Left out: http:// and the listen address.");
    private static final Key<Integer> STATUS = Key.withDefault(
            "status", Types.integer(200, 299), 200, "200", "HTTP status that an awaited callback is answered with.");
    private static final Key<String> BODY = Key.withDefault(
            "body",
            Types.text(),
            "ok",
            "ok",
            "Body that an awaited callback is answered with, where the gateway wants a certain word (as \"success\").");

    /** The section. */
    public static final SectionType<CallbackSettings> TYPE = SectionType.of(
            "callbacks", java.util.List.of(LISTEN, PUBLIC_URL, STATUS, BODY), CallbackSettings::read);

    /** Of an empty section. */
    public static final CallbackSettings STANDARD = new CallbackSettings(STANDARD_LISTEN, Optional.empty(), 200, "ok");

    private static CallbackSettings read(Section section) {
        HostPort listen = section.get(LISTEN);
        Optional<HttpUrl> publicUrl = section.find(PUBLIC_URL);
        if (publicUrl.isEmpty() && isEveryAddress(listen.host())) {
            section.problem(
                    LISTEN, "listening on every address leaves open where callbacks should go; add public_url");
        }
        if (publicUrl.isPresent() && publicUrl.get().query() != null) {
            section.problem(PUBLIC_URL, "a query makes no sense here: each run adds a path of its own");
        }
        return new CallbackSettings(listen, publicUrl, section.get(STATUS), section.get(BODY));
    }

    private static boolean isEveryAddress(String host) {
        boolean literal = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || Character.isDigit(c));
        try {
            return literal && InetAddress.getByName(host).isAnyLocalAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
