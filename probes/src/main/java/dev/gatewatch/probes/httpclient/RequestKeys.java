package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
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
    public static final Key<Auth> AUTH = Key.optional(
            "auth", AuthKeys.TYPE, "Credential: basic with username and password, or bearer with a token.");

    /** All of them, the URL first. */
    public static final List<Key<?>> ALL = List.of(URL, METHOD, HEADERS, BODY, BODY_FILE, JSON, AUTH);

    private RequestKeys() {}

    /** Reads a clean section; problems between keys are told to it. */
    public static HttpRequest read(Section section) {
        String method = section.get(METHOD).toUpperCase(Locale.ROOT);
        SequencedMap<String, HeaderText> headers = section.find(HEADERS).orElseGet(LinkedHashMap::new);
        Optional<Auth> auth = section.find(AUTH);
        checkHeaders(section, headers, auth);
        return new HttpRequest(
                section.get(URL),
                section.at(URL) instanceof Node.Scalar s && s.secret(),
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
        return List.copyOf(secrets);
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

    private static Optional<HttpRequest.Content> body(
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
            return Optional.of(new HttpRequest.Content(
                    ByteString.of(bytes), typed ? Optional.empty() : Optional.of("application/json")));
        }
        return section.find(BODY)
                .map(text -> ByteString.encodeUtf8(text.reveal()))
                .or(() -> section.find(BODY_FILE).flatMap(file -> content(section, file)))
                .map(bytes -> new HttpRequest.Content(bytes, Optional.empty()));
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
