package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okio.ByteString;

/** The keys that say what to send, and how they become an {@link HttpRequest}. */
public final class RequestKeys {
    /** A body is kept in memory for each run that sends it. */
    private static final long LARGEST_BODY_FILE = 4L * 1024 * 1024;

    /** What frames a message on the wire is not the user's to say. */
    public static final Set<String> FRAMING =
            Set.of("connection", "content-length", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

    public static final Key<HttpUrl> URL =
            Key.required("url", UrlType.INSTANCE, "What to ask for: an http:// or https:// address.");
    public static final Key<String> METHOD = Key.withDefault(
            "method", Types.text("an HTTP method", "[A-Za-z][A-Za-z-]{0,19}"), "GET", "GET", "Request method.");
    public static final Key<SequencedMap<String, HeaderText>> HEADERS = Key.optional(
            "headers",
            Types.map(HeaderText.nameType(), HeaderText.type()),
            "Request headers. Values are never shown; those that carry a credential are not sent to another origin.");
    public static final Key<Secret> BODY = Key.optional("body", Types.secret(), "Request body, as text.");
    public static final Key<Path> BODY_FILE =
            Key.optional("body_file", Types.readableFile(), "File that is sent as request body; read at load.");
    public static final Key<JsonValue> JSON = Key.optional(
            "json", JsonValue.type(), "Request body, written as YAML and sent as JSON with its content type.");
    public static final Key<SequencedMap<String, List<Secret>>> FORM = Key.optional(
            "form",
            Types.map(Types.text("a field name", ".{1,200}"), Types.oneOrMore(Types.secret())),
            "Request body as a form: field name to value, or to a list of values; sent as application/x-www-form-urlencoded.");
    public static final Key<SequencedMap<String, Secret>> COOKIES = Key.optional(
            "cookies",
            Types.map(Types.text("a cookie name", "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}"), Types.secret()),
            "Cookies to send from the start, by name. One that an answer sets anew within the run is replaced; they are never shown and"
                    + " not sent to another origin.");
    public static final Key<List<Coding>> COMPRESSION = Key.withDefault(
            "compression",
            Types.oneOrMore(Coding.type()),
            List.of(Coding.GZIP),
            "gzip, or what expect.compression names",
            "Content codings to ask for (Accept-Encoding), in order of preference: gzip, br, deflate, zstd, or identity for none. A body in"
                    + " zstd can be asked for but not read.");
    public static final Key<Auth> AUTH = Key.optional(
            "auth", AuthKeys.TYPE, "Credential: basic or digest with username and password, bearer with a token, or oauth with a client's name.");

    /** All of them, the URL first. */
    public static final List<Key<?>> ALL = List.of(URL, METHOD, HEADERS, COOKIES, BODY, BODY_FILE, JSON, FORM, COMPRESSION, AUTH);

    private RequestKeys() {}

    /** Reads a clean section; problems between keys are told to it. */
    public static HttpRequest read(Section section) {
        return read(section, section.get(URL), section.at(URL) instanceof Node.Scalar s && s.secret());
    }

    /**
     * As {@link #read(Section)}, for a section without {@link #URL}.
     *
     * @param hiddenUrl whether a secret went into the URL
     */
    public static HttpRequest read(Section section, HttpUrl url, boolean hiddenUrl) {
        String method = section.get(METHOD).toUpperCase(Locale.ROOT);
        SequencedMap<String, HeaderText> headers = new LinkedHashMap<>(section.find(HEADERS).orElseGet(LinkedHashMap::new));
        Optional<Auth> auth = section.find(AUTH);
        checkHeaders(section, headers, auth);
        section.find(COOKIES).ifPresent(cookies -> headers.put("Cookie", cookieHeader(section, cookies)));
        if (section.has(COMPRESSION)) {
            headers.put("Accept-Encoding", new HeaderText(new Secret(Coding.list(section.get(COMPRESSION))), false));
        }
        return new HttpRequest(
                url,
                hiddenUrl,
                method,
                headers,
                auth,
                body(section, method, headers));
    }

    /** What must not be seen of the body, which the request itself does not know. */
    public static List<Secret> bodySecrets(Section section) {
        var secrets = new ArrayList<Secret>();
        section.find(BODY).filter(_ -> section.at(BODY) instanceof Node.Scalar s && s.secret()).ifPresent(secrets::add);
        section.find(JSON).filter(JsonValue::secret).ifPresent(json -> secrets.addAll(json.texts()));
        if (section.at(FORM) instanceof Node.Fields fields) {
            fields.fields().forEach((name, value) -> secrets.addAll(referenced(name, value)));
        }
        return List.copyOf(secrets);
    }

    /** The values of a form's field that a reference went into, or whose name says that they are secret. */
    private static List<Secret> referenced(String name, Node value) {
        return switch (value) {
            case Node.Scalar s ->
                s.secret() || HeaderText.namesCredential(name) ? List.of(new Secret(s.text())) : List.of();
            case Node.Items items ->
                items.items().stream().flatMap(item -> referenced(name, item).stream()).toList();
            case Node.Fields _ -> List.of();
        };
    }

    private static HeaderText cookieHeader(Section section, SequencedMap<String, Secret> cookies) {
        cookies.forEach((name, value) -> {
            // RFC 6265, 4.1.1
            if (value.reveal().chars().anyMatch(c -> c <= ' ' || c == '"' || c == ',' || c == ';' || c == '\\' || c >= 0x7f)) {
                section.problem(
                        COOKIES,
                        "the value of cookie " + name + " holds what a cookie cannot: a blank, quote, comma, semicolon, backslash or"
                                + " a character beyond ASCII");
            }
        });
        String header = cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue().reveal())
                .collect(Collectors.joining("; "));
        return new HeaderText(new Secret(header), true);
    }

    private static void checkHeaders(Section section, SequencedMap<String, HeaderText> headers, Optional<Auth> auth) {
        for (String name : headers.keySet()) {
            if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                section.problem(HEADERS, "the header " + name + " is set by the probe itself");
            }
            if (name.equalsIgnoreCase("cookie") && section.has(COOKIES)) {
                section.problem(HEADERS, "cookies and a Cookie header say the same thing; keep one");
            }
            if (name.equalsIgnoreCase("accept-encoding") && section.has(COMPRESSION)) {
                section.problem(HEADERS, "compression and an Accept-Encoding header say the same thing; keep one");
            }
            if (name.equalsIgnoreCase("authorization") && auth.isPresent()) {
                section.problem(HEADERS, "auth and an Authorization header say the same thing; keep one");
            }
        }
    }

    private static Optional<HttpRequest.Content> body(
            Section section, String method, SequencedMap<String, HeaderText> headers) {
        List<Key<?>> written = List.<Key<?>>of(BODY, BODY_FILE, JSON, FORM).stream()
                .filter(section::has)
                .toList();
        if (written.isEmpty()) {
            return Optional.empty();
        }
        if (written.size() > 1) {
            section.problem(
                    written.getLast(), "only one of body, body_file, json and form may be there; each is the request body");
        }
        if (method.equals("GET") || method.equals("HEAD")) {
            section.problem(written.getFirst(), "a " + method + " request has no body; set method, as method: POST");
        }
        boolean typed = headers.keySet().stream().anyMatch(h -> h.equalsIgnoreCase("content-type"));
        if (section.has(JSON)) {
            byte[] bytes = Json.bytes(section.find(JSON).orElseThrow().tree());
            return Optional.of(new HttpRequest.Content(
                    ByteString.of(bytes), typed ? Optional.empty() : Optional.of("application/json")));
        }
        if (section.has(FORM)) {
            return Optional.of(new HttpRequest.Content(
                    form(section.find(FORM).orElseThrow()),
                    typed ? Optional.empty() : Optional.of("application/x-www-form-urlencoded")));
        }
        return section.find(BODY)
                .map(text -> ByteString.encodeUtf8(text.reveal()))
                .or(() -> section.find(BODY_FILE).flatMap(file -> content(section, file)))
                .map(bytes -> new HttpRequest.Content(bytes, Optional.empty()));
    }

    private static ByteString form(SequencedMap<String, List<Secret>> fields) {
        return ByteString.encodeUtf8(fields.entrySet().stream()
                .flatMap(field -> field.getValue().stream()
                        .map(value -> encoded(field.getKey()) + "=" + encoded(value.reveal())))
                .collect(Collectors.joining("&")));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
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
}
