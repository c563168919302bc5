package dev.gatewatch.probes.http;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.http.HttpConfig.IpFamily;
import dev.gatewatch.probes.http.HttpConfig.OfferedVersion;
import dev.gatewatch.probes.http.HttpConfig.RequestContent;
import dev.gatewatch.probes.tls.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SequencedMap;
import okhttp3.HttpUrl;
import okio.ByteString;

/** The keys of an http probe and how they become its {@link HttpConfig}. */
final class HttpKeys {
    private static final long MIB = 1024 * 1024;

    /** A body is kept in memory for each run that sends it. */
    private static final long LARGEST_BODY_FILE = 4 * MIB;

    /** What frames a message on the wire is not the user's to say. */
    private static final Set<String> FRAMING =
            Set.of("connection", "content-length", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

    private static final Set<String> READABLE = Set.of("gzip", "x-gzip", "deflate", "identity", "");

    static final Key<HttpUrl> URL =
            Key.required("url", UrlType.INSTANCE, "What to ask for: an http:// or https:// address.");
    static final Key<String> METHOD = Key.withDefault(
            "method", Types.text("an HTTP method", "[A-Za-z][A-Za-z-]{0,19}"), "GET", "GET", "Request method.");
    static final Key<SequencedMap<String, HeaderText>> HEADERS = Key.optional(
            "headers",
            Types.map(HeaderText.nameType(), HeaderText.type()),
            "Request headers. Values are never shown; those that carry a credential are not sent to another origin.");
    static final Key<Secret> BODY = Key.optional("body", Types.secret(), "Request body, as text.");
    static final Key<Path> BODY_FILE =
            Key.optional("body_file", Types.readableFile(), "File that is sent as request body; read at load.");
    static final Key<JsonValue> JSON = Key.optional(
            "json", JsonValue.type(), "Request body, written as YAML and sent as JSON with its content type.");
    static final Key<Auth> AUTH = Key.optional(
            "auth", AuthKeys.TYPE, "Credential: basic with username and password, or bearer with a token.");
    static final Key<TlsSettings> TLS = Key.withDefault(
            "tls",
            TlsSettings.TYPE,
            TlsSettings.standard(),
            "the runtime's authorities",
            "Trust, client certificate and server name.");
    static final Key<Boolean> FOLLOW_REDIRECTS =
            Key.withDefault("follow_redirects", Types.bool(), true, "true", "Whether to follow redirects.");
    static final Key<Integer> MAX_REDIRECTS = Key.withDefault(
            "max_redirects", Types.integer(0, 50), 10, "10", "Redirects to follow; one more is redirect_limit.");
    static final Key<Long> BODY_LIMIT = Key.withDefault(
            "body_limit",
            Types.bytes(0, 256 * MIB),
            MIB,
            "1MB",
            "Largest response body, after decompression; a larger one is body_too_large.");
    static final Key<IpFamily> IP_FAMILY = Key.withDefault(
            "ip_family", Types.oneOf(IpFamily.class), IpFamily.ANY, "any", "Which addresses to use: any, ip4 or ip6.");
    static final Key<OfferedVersion> HTTP_VERSION = Key.withDefault(
            "http_version",
            Types.oneOf(offeredVersions()),
            OfferedVersion.ANY,
            "any",
            "HTTP version to offer: any (2 and 1.1 over TLS, 1.1 without), 1.1 or 2.");
    static final Key<HostPort> CONNECT_TO = Key.optional(
            "connect_to",
            Types.hostPort(0),
            "host:port to connect to instead of the URL's; Host header and server name stay those of the URL. Does not hold for"
                    + " other origins that redirects lead to.");
    static final Key<Expectation> EXPECT = Key.withDefault(
            "expect", Expectation.TYPE, Expectation.DEFAULT, "status: 2xx", "What the answer must be.");

    static final List<Key<?>> ALL = List.of(
            URL,
            METHOD,
            HEADERS,
            BODY,
            BODY_FILE,
            JSON,
            AUTH,
            TLS,
            FOLLOW_REDIRECTS,
            MAX_REDIRECTS,
            BODY_LIMIT,
            IP_FAMILY,
            HTTP_VERSION,
            CONNECT_TO,
            EXPECT);

    private HttpKeys() {}

    private static SequencedMap<String, OfferedVersion> offeredVersions() {
        var words = new LinkedHashMap<String, OfferedVersion>();
        words.put("any", OfferedVersion.ANY);
        words.put("1.1", OfferedVersion.HTTP_1_1);
        words.put("2", OfferedVersion.HTTP_2);
        return words;
    }

    /** Reads a clean section; problems between keys are told to it. */
    static HttpConfig read(Section section) {
        String method = section.get(METHOD).toUpperCase(Locale.ROOT);
        SequencedMap<String, HeaderText> headers = section.find(HEADERS).orElseGet(LinkedHashMap::new);
        Optional<Auth> auth = section.find(AUTH);
        checkHeaders(section, headers, auth);
        checkCodings(section, headers);
        Optional<RequestContent> body = body(section, method, headers);
        HttpUrl url = section.get(URL);
        boolean hiddenUrl = section.at(URL) instanceof Node.Scalar s && s.secret();
        return new HttpConfig(
                url,
                UrlType.shown(url, hiddenUrl),
                method,
                headers,
                auth,
                body,
                section.get(TLS),
                section.get(FOLLOW_REDIRECTS),
                section.get(MAX_REDIRECTS),
                section.get(BODY_LIMIT),
                section.get(IP_FAMILY),
                section.get(HTTP_VERSION),
                section.find(CONNECT_TO),
                section.get(EXPECT),
                secrets(url, hiddenUrl, headers, auth, section));
    }

    private static void checkHeaders(Section section, SequencedMap<String, HeaderText> headers, Optional<Auth> auth) {
        for (String name : headers.keySet()) {
            if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                section.problem(HEADERS, "the header " + name + " is set by the probe itself");
            }
            if (name.equalsIgnoreCase("authorization") && auth.isPresent()) {
                section.problem(HEADERS, "auth and an Authorization header say the same thing; keep one");
            }
        }
    }

    /** A body in a coding that we cannot undo could not be compared with anything. */
    private static void checkCodings(Section section, SequencedMap<String, HeaderText> headers) {
        Expectation expect = section.get(EXPECT);
        if (expect.body().isEmpty() && expect.json().isEmpty()) {
            return;
        }
        headers.forEach((name, text) -> {
            boolean readable = List.of(text.value().reveal().split(",")).stream()
                    .map(coding -> coding.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                    .allMatch(READABLE::contains);
            if (name.equalsIgnoreCase("accept-encoding") && !readable) {
                section.problem(
                        HEADERS,
                        "Accept-Encoding asks for more than gzip, deflate and identity, which expect.body and expect.json"
                                + " could not read");
            }
        });
    }

    private static Optional<RequestContent> body(
            Section section, String method, SequencedMap<String, HeaderText> headers) {
        List<Key<?>> written = List.<Key<?>>of(BODY, BODY_FILE, JSON).stream()
                .filter(section::has)
                .toList();
        if (written.isEmpty()) {
            return Optional.empty();
        }
        if (written.size() > 1) {
            section.problem(
                    written.getLast(), "only one of body, body_file and json may be there; each is the request body");
        }
        if (method.equals("GET") || method.equals("HEAD")) {
            section.problem(written.getFirst(), "a " + method + " request has no body; set method, as method: POST");
        }
        boolean typed = headers.keySet().stream().anyMatch(h -> h.equalsIgnoreCase("content-type"));
        if (section.has(JSON)) {
            byte[] bytes = Json.bytes(section.find(JSON).orElseThrow().tree());
            return Optional.of(new RequestContent(ByteString.of(bytes), typed ? Optional.empty() : Optional.of("application/json")));
        }
        return section.find(BODY)
                .map(text -> ByteString.encodeUtf8(text.reveal()))
                .or(() -> section.find(BODY_FILE).flatMap(file -> content(section, file)))
                .map(bytes -> new RequestContent(bytes, Optional.empty()));
    }

    private static Optional<ByteString> content(Section section, Path file) {
        try {
            if (Files.size(file) > LARGEST_BODY_FILE) {
                section.problem(BODY_FILE, file + " is larger than 4 MB");
                return Optional.empty();
            }
            return Optional.of(ByteString.of(Files.readAllBytes(file)));
        } catch (IOException e) {
            section.problem(BODY_FILE, "cannot read " + file + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private static List<Secret> secrets(
            HttpUrl url,
            boolean hiddenUrl,
            SequencedMap<String, HeaderText> headers,
            Optional<Auth> auth,
            Section section) {
        var secrets = new ArrayList<Secret>();
        auth.ifPresent(a -> secrets.addAll(a.secrets()));
        headers.forEach((name, text) -> {
            if (text.isCredential(name)) {
                secrets.add(text.value());
                // a peer may echo the credential without its scheme
                String value = text.value().reveal();
                secrets.add(new Secret(value.substring(value.lastIndexOf(' ') + 1)));
            }
        });
        secrets.addAll(UrlType.secrets(url, hiddenUrl));
        section.find(BODY).filter(_ -> section.at(BODY) instanceof Node.Scalar s && s.secret()).ifPresent(secrets::add);
        section.find(JSON).filter(JsonValue::secret).ifPresent(json -> secrets.addAll(json.texts()));
        section.get(EXPECT).json().stream()
                .filter(e -> e.expected().secret())
                .forEach(e -> secrets.addAll(e.expected().texts()));
        return List.copyOf(secrets);
    }
}
