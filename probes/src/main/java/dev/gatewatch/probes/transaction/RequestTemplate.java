package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.HttpRequest.Content;
import dev.gatewatch.probes.httpclient.Json;
import dev.gatewatch.probes.httpclient.RequestKeys;
import dev.gatewatch.probes.httpclient.UrlType;
import dev.gatewatch.probes.transaction.Template.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okio.ByteString;

/**
 * The request of a step, with places for variables. Immutable.
 *
 * @param path absent where {@code url} says all
 * @param url absent where the path is resolved against the transaction's {@code base_url}
 */
record RequestTemplate(
        String method,
        Optional<Template> path,
        Optional<Template> url,
        SequencedMap<String, HeaderTemplate> headers,
        Optional<AuthTemplate> auth,
        BodyTemplate body) {
    private static final Pattern ORIGIN = Pattern.compile("(?i)https?://[^/?#]+[/?#].*", Pattern.DOTALL);

    static final Key<Template> PATH = Key.optional(
            "path",
            Template.type(),
            "What is asked for: appended to base_url, as /orders/$(order_id)?expand=all. Values of variables are percent-encoded.");
    static final Key<Template> URL = Key.optional(
            "url",
            Template.type(),
            "Instead of path: a whole URL. A variable at its very beginning, as a link that was captured, is put in as it is; where a peer"
                    + " chose the origin, credentials are sent only if it is base_url's.");
    static final Key<SequencedMap<String, HeaderTemplate>> HEADERS = Key.optional(
            "headers",
            Types.map(HeaderText.nameType(), HeaderTemplate.type()),
            "Request headers, with $(variables). Values are never shown.");
    private static final Key<Template> BODY = Key.optional("body", Template.type(), "Request body as text, with $(variables).");
    private static final Key<JsonTemplate> JSON = Key.optional(
            "json",
            JsonTemplate.type(),
            "Request body, written as YAML and sent as JSON; $(variables) in texts are escaped as JSON wants, and $(name|json) as a whole"
                    + " value puts in a number, true, false or any other JSON.");
    private static final Key<SequencedMap<String, Template>> FORM = Key.optional(
            "form",
            Types.map(Types.text(), Template.type()),
            "Request body as a form (application/x-www-form-urlencoded): names to texts with $(variables).");

    /** All of them. */
    static final List<Key<?>> KEYS =
            List.of(PATH, URL, RequestKeys.METHOD, HEADERS, BODY, JSON, FORM, AuthTemplate.KEY);

    RequestTemplate {
        headers = new LinkedHashMap<>(headers);
    }

    /** The body of a request. */
    sealed interface BodyTemplate {
        record None() implements BodyTemplate {}

        record Text(Template text) implements BodyTemplate {}

        record Document(JsonTemplate json) implements BodyTemplate {}

        record Form(SequencedMap<String, Template> fields) implements BodyTemplate {}
    }

    /**
     * Reads a step's clean section.
     *
     * @param common headers of all steps
     * @param commonAuth the credential of all steps
     */
    static RequestTemplate read(
            Section section, SequencedMap<String, HeaderTemplate> common, Optional<AuthTemplate> commonAuth) {
        String method = section.get(RequestKeys.METHOD).toUpperCase(Locale.ROOT);
        if (section.has(PATH) == section.has(URL)) {
            section.reading().problems().error(section.node(), "a request needs path or url, and not both");
        }
        section.find(PATH).filter(p -> !startsWith(p, "/", "?")).ifPresent(_ ->
                section.problem(PATH, "a path begins with /, as /orders"));
        section.find(URL).filter(u -> !startsWith(u, "http://", "https://", "$(")).ifPresent(_ ->
                section.problem(URL, "expected a URL starting with http:// or https://, or a variable; for what is below base_url use path"));
        SequencedMap<String, HeaderTemplate> own = section.find(HEADERS).orElseGet(LinkedHashMap::new);
        checkHeaders(section, HEADERS, own);
        var headers = new LinkedHashMap<String, HeaderTemplate>();
        common.forEach((name, value) -> {
            if (own.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                headers.put(name, value);
            }
        });
        headers.putAll(own);
        Optional<AuthTemplate> auth = section.find(AuthTemplate.KEY).or(() -> commonAuth);
        return new RequestTemplate(
                method,
                section.find(PATH),
                section.find(URL),
                headers,
                headers.keySet().stream().anyMatch("authorization"::equalsIgnoreCase) ? Optional.empty() : auth,
                body(section, method));
    }

    private static boolean startsWith(Template template, String... beginnings) {
        return Stream.of(beginnings).anyMatch(template.at().text().toLowerCase(Locale.ROOT)::startsWith);
    }

    /** Tells of headers that are not the user's to say. */
    static void checkHeaders(Section section, Key<?> key, SequencedMap<String, HeaderTemplate> headers) {
        for (String name : headers.keySet()) {
            if (RequestKeys.FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                section.problem(key, "the header " + name + " is set by the probe itself");
            }
            if (name.equalsIgnoreCase("authorization") && section.has(AuthTemplate.KEY)) {
                section.problem(key, "auth and an Authorization header say the same thing; keep one");
            }
        }
    }

    private static BodyTemplate body(Section section, String method) {
        List<Key<?>> written = List.<Key<?>>of(BODY, JSON, FORM).stream().filter(section::has).toList();
        if (written.isEmpty()) {
            return new BodyTemplate.None();
        }
        if (written.size() > 1) {
            section.problem(written.getLast(), "only one of body, json and form may be there; each is the request body");
        }
        if (method.equals("GET") || method.equals("HEAD")) {
            section.problem(written.getFirst(), "a " + method + " request has no body; set method, as method: POST");
        }
        return section.find(BODY)
                .<BodyTemplate>map(BodyTemplate.Text::new)
                .or(() -> section.find(JSON).map(BodyTemplate.Document::new))
                .or(() -> section.find(FORM).map(BodyTemplate.Form::new))
                .orElseGet(BodyTemplate.None::new);
    }

    /** The templates of everything but headers and credential, which alone may carry a signature over the rest. */
    Stream<Template> signed() {
        return Stream.concat(
                Stream.concat(path.stream(), url.stream()),
                switch (body) {
                    case BodyTemplate.None() -> Stream.<Template>empty();
                    case BodyTemplate.Text(Template text) -> Stream.of(text);
                    case BodyTemplate.Document(JsonTemplate json) -> json.templates();
                    case BodyTemplate.Form(SequencedMap<String, Template> fields) -> fields.values().stream();
                });
    }

    /** The templates of headers and credential. */
    Stream<Template> carried() {
        return Stream.concat(
                headers.values().stream().map(HeaderTemplate::template),
                auth.stream().flatMap(a -> a.all().stream()));
    }

    /** What was written of it that must not be seen. */
    Stream<Secret> secrets() {
        Stream<Secret> ofBody =
                switch (body) {
                    case BodyTemplate.None() -> Stream.empty();
                    case BodyTemplate.Text(Template text) -> secret(text);
                    case BodyTemplate.Document(JsonTemplate json) -> Stream.concat(json.secrets(), json.templates().flatMap(RequestTemplate::secret));
                    case BodyTemplate.Form(SequencedMap<String, Template> fields) -> fields.values().stream().flatMap(RequestTemplate::secret);
                };
        Stream<Secret> ofAuth = auth.stream().flatMap(a -> a.fixed().secrets().stream());
        return Stream.concat(ofBody, ofAuth);
    }

    private static Stream<Secret> secret(Template template) {
        return template.secret() ? Stream.of(new Secret(template.at().text())) : Stream.empty();
    }

    /**
     * Whether a peer may choose where this goes.
     *
     * @param constants the variables whose values are the configuration's own
     */
    boolean isLearnt(Map<String, Constant> constants) {
        if (url.isEmpty()) {
            return false;
        }
        var sure = new StringBuilder();
        for (Part part : url.get().parts()) {
            switch (part) {
                case Part.Literal(String text) -> sure.append(text);
                case Part.Slot(String name, _) -> {
                    Constant constant = constants.get(name);
                    if (constant == null) {
                        return !ORIGIN.matcher(sure).matches();
                    }
                    sure.append(constant.value().reveal());
                }
            }
        }
        return false;
    }

    /** The URL with a run's values. */
    HttpUrl url(HttpUrl base, Variables variables) throws UnusableVariable {
        Template template = path.or(() -> url).orElseThrow();
        var text = new StringBuilder();
        if (path.isPresent()) {
            String root = base.toString();
            text.append(root.endsWith("/") ? root.substring(0, root.length() - 1) : root);
        }
        for (Part part : template.parts()) {
            switch (part) {
                case Part.Literal(String literal) -> text.append(literal);
                case Part.Slot(String name, Conversion conversion) -> {
                    Conversion plain = text.isEmpty() ? Conversion.RAW : Conversion.URL;
                    text.append(fit(name, variables.get(name), conversion == Conversion.PLAIN ? plain : conversion));
                }
            }
        }
        return UrlType.parse(text.toString())
                .map(u -> u.newBuilder().username("").password("").build())
                .orElseThrow(() -> UnusableVariable.unfit(
                        template.names().isEmpty() ? "url" : template.names().getFirst(), "makes no http:// or https:// address"));
    }

    /** A value of a path segment that means "up" would lead elsewhere. */
    private static String fit(String name, String value, Conversion conversion) throws UnusableVariable {
        if (conversion == Conversion.URL && (value.equals(".") || value.equals(".."))) {
            throw UnusableVariable.unfit(name, "is \"" + value + "\", which no path can carry");
        }
        return conversion.apply(value);
    }

    /** The body with a run's values. */
    Optional<Content> content(Variables variables) throws UnusableVariable {
        return switch (body) {
            case BodyTemplate.None() -> Optional.empty();
            case BodyTemplate.Text(Template text) ->
                Optional.of(new Content(ByteString.encodeUtf8(text.render(variables)), Optional.empty()));
            case BodyTemplate.Document(JsonTemplate json) ->
                Optional.of(typed(ByteString.of(Json.bytes(json.render(variables))), "application/json"));
            case BodyTemplate.Form(SequencedMap<String, Template> fields) -> {
                var pairs = new ArrayList<String>();
                for (Map.Entry<String, Template> field : fields.entrySet()) {
                    pairs.add(Conversion.URL.apply(field.getKey()) + "="
                            + Conversion.URL.apply(field.getValue().render(variables)));
                }
                yield Optional.of(typed(
                        ByteString.of(String.join("&", pairs).getBytes(StandardCharsets.US_ASCII)),
                        "application/x-www-form-urlencoded"));
            }
        };
    }

    private Content typed(ByteString bytes, String type) {
        boolean written = headers.keySet().stream().anyMatch("content-type"::equalsIgnoreCase);
        return new Content(bytes, written ? Optional.empty() : Optional.of(type));
    }

    /** The whole request, whose URL and body are put together already. */
    HttpRequest complete(HttpUrl to, Optional<Content> content, Variables variables) throws UnusableVariable {
        var rendered = new TreeMap<String, HeaderText>(String.CASE_INSENSITIVE_ORDER);
        for (Map.Entry<String, HeaderTemplate> header : headers.entrySet()) {
            rendered.put(header.getKey(), header.getValue().render(variables));
        }
        boolean hidden = path.or(() -> url).orElseThrow().isSecret(variables);
        return new HttpRequest(
                to,
                hidden,
                method,
                rendered,
                auth.isPresent() ? Optional.of(auth.get().render(variables)) : Optional.empty(),
                content);
    }
}
