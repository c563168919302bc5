package dev.gatewatch.probes.nameserver;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom to ask for names, and over what. Immutable.
 *
 * @param address absent for the machine's own name servers (resolv.conf)
 * @param tlsName the name to ask for and to find in the certificate, where it is not the host; TLS only
 * @param path of an HTTPS server, with its query if it has one; empty for others
 * @param get whether HTTPS questions are sent by GET, which caches may answer, instead of POST
 */
public record NameServer(Transport transport, Optional<HostPort> address, Optional<String> tlsName, String path, boolean get) {
    /** The machine's own name servers. */
    public static final NameServer SYSTEM =
            new NameServer(Transport.UDP, Optional.empty(), Optional.empty(), "", false);

    /** How a name server is written. */
    public static final ValueType<NameServer> TYPE = Types.scalar(
            "system, or a name server as 9.9.9.9, [::1]:5353, udp://HOST, tcp://HOST, tls://HOST or https://HOST/dns-query",
            Map.of("type", "string"),
            NameServer::parse);

    private static final Pattern FORM = Pattern.compile("(?:(?<scheme>[a-zA-Z]+)://)?(?<rest>[^/#?{}]+)(?:#(?<name>[A-Za-z0-9_.-]+))?");

    /** As RFC 8484 section 4.1.1 writes that GET is meant. */
    private static final String GET_TEMPLATE = "{?dns}";

    private static final String USUAL_PATH = "/dns-query";

    /** A server at an address, asked by datagrams. */
    public static NameServer udp(String host, int port) {
        return plain(Transport.UDP, new HostPort(host, port));
    }

    private static NameServer plain(Transport transport, HostPort address) {
        return new NameServer(transport, Optional.of(address), Optional.empty(), "", false);
    }

    /** Reads one; nothing where the text is none. */
    public static Optional<NameServer> parse(String text) {
        if (text.equals("system")) {
            return Optional.of(SYSTEM);
        }
        if (text.toLowerCase(Locale.ROOT).startsWith("https://")) {
            return https(text);
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        Transport transport;
        switch (form.group("scheme") == null ? "udp" : form.group("scheme").toLowerCase(Locale.ROOT)) {
            case "udp" -> transport = Transport.UDP;
            case "tcp" -> transport = Transport.TCP;
            case "tls" -> transport = Transport.TLS;
            default -> {
                return Optional.empty();
            }
        }
        Optional<String> name = Optional.ofNullable(form.group("name"));
        if (name.isPresent() && transport != Transport.TLS) {
            return Optional.empty();
        }
        String rest = form.group("rest");
        boolean bareIpv6 = rest.indexOf(':') != rest.lastIndexOf(':') && !rest.startsWith("[");
        return HostPort.parse(bareIpv6 ? "[" + rest + "]" : rest, transport.port())
                .map(at -> new NameServer(transport, Optional.of(at), name, "", false));
    }

    private static Optional<NameServer> https(String text) {
        boolean get = text.endsWith(GET_TEMPLATE);
        try {
            var uri = new URI(get ? text.substring(0, text.length() - GET_TEMPLATE.length()) : text);
            if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null || uri.getPort() > 65_535) {
                return Optional.empty();
            }
            String host = uri.getHost().startsWith("[") ? uri.getHost().substring(1, uri.getHost().length() - 1) : uri.getHost();
            String path = uri.getRawPath().isEmpty() || uri.getRawPath().equals("/") ? USUAL_PATH : uri.getRawPath();
            return Optional.of(new NameServer(
                    Transport.HTTPS,
                    Optional.of(new HostPort(host, uri.getPort() < 0 ? Transport.HTTPS.port() : uri.getPort())),
                    Optional.empty(),
                    uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery(),
                    get));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    /** The same server asked another way: only between {@link Transport#UDP} and {@link Transport#TCP}. */
    public NameServer over(Transport other) {
        return new NameServer(other, address, tlsName, path, get);
    }

    /** Whether it has a certificate. */
    public boolean isEncrypted() {
        return transport == Transport.TLS || transport == Transport.HTTPS;
    }

    boolean isSystem() {
        return address.isEmpty();
    }

    /** The URL without what only GET appends. */
    String url() {
        return "https://" + hostPort() + path;
    }

    private String shownPath() {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query) + "?…";
    }

    private String hostPort() {
        HostPort at = address.orElseThrow();
        if (at.port() != transport.port()) {
            return at.toString();
        }
        return at.host().indexOf(':') >= 0 && transport != Transport.UDP ? "[" + at.host() + "]" : at.host();
    }

    /** As people write it: datagrams without scheme, usual ports left out; without the query of a URL, which may hold a token. */
    @Override
    public String toString() {
        if (isSystem()) {
            return transport == Transport.UDP ? "system" : "system over " + transport;
        }
        return switch (transport) {
            case UDP -> hostPort();
            case TCP, TLS -> transport.scheme() + "://" + hostPort() + tlsName.map(n -> "#" + n).orElse("");
            case HTTPS -> "https://" + hostPort() + shownPath() + (get ? GET_TEMPLATE : "");
        };
    }
}
