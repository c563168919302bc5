package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.httpclient.ProxySettings.Kind;
import dev.gatewatch.probes.httpclient.ProxySettings.Login;
import dev.gatewatch.probes.net.TargetRule;
import dev.gatewatch.probes.tls.TlsSettings;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys that say through which proxy requests go. */
final class ProxyKeys {
    private static final Pattern FORM =
            Pattern.compile("(?i)(?<scheme>[a-z0-9]+)://(?:(?<login>[^/]*)@)?(?<place>[^/@?#]+)/?");
    private static final int HTTP_PORT = 3128;
    private static final int HTTPS_PORT = 443;
    private static final int SOCKS_PORT = 1080;

    /** What frames the request to the proxy is not the user's to say. */
    private static final Set<String> FRAMING =
            Set.of("connection", "content-length", "host", "proxy-connection", "transfer-encoding", "upgrade");

    /** A proxy as written. */
    private record Written(Kind kind, HostPort address, Optional<Login> login) {}

    private static final Key<Written> PROXY = Key.optional(
            "proxy",
            new WrittenType(),
            "Proxy to go through: http://host:port, https://host:port (HTTP over TLS to the proxy) or socks5://host:port; user:password@"
                    + " may stand before the host, better in proxy_auth. Ports default to 3128, 443 and 1080. For https:// targets an"
                    + " HTTP proxy is asked to CONNECT. Proxies of the daemon's environment (HTTP_PROXY) are never used.");
    private static final Key<String> USERNAME = Key.required("username", Types.text(), "The user.");
    private static final Key<Secret> PASSWORD =
            Key.required("password", Types.secret(), "The password, usually ${env:…} or ${file:…}.");
    private static final Key<Login> AUTH = Key.optional(
            "proxy_auth",
            SectionType.of(
                    "proxy_auth", List.of(USERNAME, PASSWORD), s -> new Login(s.get(USERNAME), s.get(PASSWORD))),
            "User name and password for the proxy (HTTP Basic, or RFC 1929 for SOCKS5).");
    private static final Key<SequencedMap<String, HeaderText>> HEADERS = Key.optional(
            "proxy_headers",
            Types.map(HeaderText.nameType(), HeaderText.type()),
            "Headers for an HTTP proxy itself: sent with CONNECT, or beside the request's own for an http:// target. Values are never"
                    + " shown.");
    private static final Key<Boolean> RESOLVES = Key.withDefault(
            "proxy_resolves",
            Types.bool(),
            true,
            "true",
            "Whether the proxy finds the addresses of names. Then the target policy sees names only; with false they are found and"
                    + " checked here, and the proxy is given the address (an HTTP proxy asked for an http:// target still gets the name).");
    private static final Key<List<TargetRule>> BYPASS = Key.optional(
            "no_proxy",
            Types.oneOrMore(TargetRule.TYPE),
            "Targets that are asked directly: host names, *.domain, addresses or CIDR blocks, each with or without :port. Blocks stand for"
                    + " targets written as addresses.");
    private static final Key<TlsSettings> PROXY_TLS = Key.withDefault(
            "proxy_tls",
            TlsSettings.TYPE,
            TlsSettings.standard(),
            "the runtime's authorities",
            "Trust, client certificate and server name for an https:// proxy itself.");

    static final List<Key<?>> ALL = List.of(PROXY, AUTH, HEADERS, RESOLVES, BYPASS, PROXY_TLS);

    private ProxyKeys() {}

    /** Reads a clean section; problems between keys are told to it. */
    static Optional<ProxySettings> read(Section section) {
        Optional<Written> written = section.find(PROXY);
        if (written.isEmpty()) {
            ALL.stream()
                    .filter(section::has)
                    .forEach(key -> section.problem(key, key.name() + " says nothing without proxy"));
            return Optional.empty();
        }
        Written proxy = written.get();
        if (proxy.login().isPresent() && section.has(AUTH)) {
            section.problem(AUTH, "the proxy's URL names a user already; keep one of both");
        }
        if (proxy.kind() == Kind.SOCKS5 && section.has(HEADERS)) {
            section.problem(HEADERS, "a SOCKS proxy takes no headers");
        }
        if (proxy.kind() != Kind.HTTPS && section.has(PROXY_TLS)) {
            section.problem(PROXY_TLS, "proxy_tls is for a proxy written as https://");
        }
        SequencedMap<String, HeaderText> headers = section.find(HEADERS).orElseGet(LinkedHashMap::new);
        headers.keySet().stream()
                .filter(name -> FRAMING.contains(name.toLowerCase(Locale.ROOT)))
                .forEach(name -> section.problem(HEADERS, "the header " + name + " is set by the probe itself"));
        return Optional.of(new ProxySettings(
                proxy.kind(),
                proxy.address(),
                proxy.login().or(() -> section.find(AUTH)),
                headers,
                section.get(RESOLVES),
                section.get(PROXY_TLS),
                section.find(BYPASS).orElse(List.of())));
    }

    private static final class WrittenType implements ValueType<Written> {
        @Override
        public Optional<Written> read(Node node, Reading reading) {
            if (!(node instanceof Node.Scalar s) || s.tag() == Node.Tag.NULL) {
                reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
                return Optional.empty();
            }
            Optional<Written> proxy = parse(s.text());
            if (proxy.isEmpty()) {
                // what was written may hold a password
                String found = s.text().indexOf('@') >= 0 ? "something else" : s.shown();
                reading.problems().error(s, "expected " + describe() + ", found " + found);
            }
            return proxy;
        }

        @Override
        public String describe() {
            return "a proxy as http://host:port, https://host:port or socks5://host:port";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("type", "string", "pattern", "^([hH][tT][tT][pP][sS]?|[sS][oO][cC][kK][sS]5)://");
        }

        private static Optional<Written> parse(String text) {
            Matcher form = FORM.matcher(text.strip());
            if (!form.matches()) {
                return Optional.empty();
            }
            Optional<Login> login = Optional.ofNullable(form.group("login")).map(WrittenType::login);
            return switch (form.group("scheme").toLowerCase(Locale.ROOT)) {
                case "http" -> written(Kind.HTTP, form.group("place"), HTTP_PORT, login);
                case "https" -> written(Kind.HTTPS, form.group("place"), HTTPS_PORT, login);
                case "socks5", "socks5h" -> written(Kind.SOCKS5, form.group("place"), SOCKS_PORT, login);
                default -> Optional.empty();
            };
        }

        private static Optional<Written> written(Kind kind, String place, int port, Optional<Login> login) {
            return HostPort.parse(place, port)
                    .filter(address -> address.port() > 0)
                    .map(address -> new Written(kind, address, login));
        }

        private static Login login(String text) {
            int colon = text.indexOf(':');
            String user = colon < 0 ? text : text.substring(0, colon);
            return new Login(decoded(user), new Secret(colon < 0 ? "" : decoded(text.substring(colon + 1))));
        }

        /** A password taken from the environment may hold a percent sign that encodes nothing. */
        private static String decoded(String text) {
            try {
                return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException _) {
                return text;
            }
        }
    }
}
