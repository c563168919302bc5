package dev.gatewatch.probes.drift;

import com.google.re2j.Pattern;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.drift.DriftConfig.Source;
import dev.gatewatch.probes.drift.Rules.Rule;
import dev.gatewatch.probes.httpclient.Auth;
import dev.gatewatch.probes.httpclient.AuthKeys;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.RequestKeys;
import dev.gatewatch.probes.httpclient.UrlType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/** The keys of a drift probe and how they become its {@link DriftConfig}. */
final class DriftKeys {
    static final Key<HttpUrl> URL = Key.optional(
            "url", UrlType.INSTANCE, "Where the document is: JSON, YAML, .properties text, or Spring's /actuator/env or /actuator/info.");
    private static final Key<Path> FILE = Key.optional(
            "file", path(), "Instead of url: a file on this machine, read in every run; relative to the configuration's folder.");
    private static final Key<DocumentFormat> FORMAT = Key.withDefault(
            "format",
            Types.oneOf(DocumentFormat.class),
            DocumentFormat.AUTO,
            "auto",
            "What the document is written in: auto (by content, media type and name), json, yaml, properties or actuator_env (recognised by"
                    + " auto too): there the first property source that has a name gives its value, and of the system's properties and"
                    + " environment only those count that override a setting of the application.");
    private static final Key<Reference> REFERENCE = Key.optional(
            "reference",
            ReferenceType.INSTANCE,
            "What the document is compared with: a mapping of settings; a file with them; first_seen, what the first run saw; or last_seen,"
                    + " what the run before saw, so that a change is told once. What is remembered is kept as salted hashes and survives"
                    + " restarts.");
    private static final Key<String> PIN = Key.optional(
            "pin", Types.text(), "For first_seen: any text, such as a release. Changing it makes the next run the first.");
    private static final Key<HttpUrl> REFERENCE_URL = Key.optional(
            "reference_url",
            UrlType.INSTANCE,
            "Instead of reference: another environment's document, asked for in every run.");
    private static final Key<Auth> REFERENCE_AUTH =
            Key.optional("reference_auth", AuthKeys.TYPE, "Credential for reference_url, written like auth.");
    private static final Key<SequencedMap<String, HeaderText>> REFERENCE_HEADERS = Key.optional(
            "reference_headers",
            Types.map(HeaderText.nameType(), HeaderText.type()),
            "Request headers for reference_url. Values are never shown.");
    private static final Key<Boolean> UNLISTED = Key.optional(
            "unlisted",
            Types.bool(),
            "Whether a value that the reference does not have counts as a difference. Left out: false for a mapping or a file, which"
                    + " usually name a few settings of many, true otherwise.");
    private static final Key<List<PathGlob>> ONLY = globs("only", "Paths that count. Left out: all.");
    private static final Key<List<PathGlob>> IGNORE =
            globs("ignore", "Paths that do not count, such as a time of start or a host's name.");
    private static final Key<List<Rule>> REQUIRE = Key.optional(
            "require",
            rules(),
            "Path to a regular expression (RE2, unanchored) that its value must match; there must be at least one such path. Or a list of"
                    + " paths that must be there.");
    private static final Key<List<Rule>> FORBID = Key.optional(
            "forbid",
            rules(),
            "Path to a regular expression (RE2, unanchored) that its value must not match, as {\"**.url\": localhost}; or a list of paths that"
                    + " must not be there.");
    private static final Key<List<PathGlob>> VERSIONS = Key.withDefault(
            "versions",
            Types.oneOrMore(PathGlob.type()),
            List.of(PathGlob.of("**version"), PathGlob.of("**Version"), PathGlob.of("**VERSION")),
            "**version, **Version, **VERSION",
            "Paths that hold versions: a difference there is version_drift, anywhere else config_drift. \"**\" for a document of versions"
                    + " only.");
    private static final Key<List<PathGlob>> SECRET_PATHS = globs(
            "secret_paths",
            "Paths whose values are secrets, beside those with password, secret, token, credential or key in their name. Secrets are shown as"
                    + " a salted hash only.");

    static final List<Key<?>> ALL = Stream.of(
                    List.<Key<?>>of(
                            URL,
                            FILE,
                            FORMAT,
                            RequestKeys.HEADERS,
                            RequestKeys.AUTH,
                            REFERENCE,
                            PIN,
                            REFERENCE_URL,
                            REFERENCE_AUTH,
                            REFERENCE_HEADERS,
                            UNLISTED,
                            ONLY,
                            IGNORE,
                            REQUIRE,
                            FORBID,
                            VERSIONS,
                            SECRET_PATHS),
                    ClientSettings.KEYS)
            .flatMap(List::stream)
            .toList();

    private DriftKeys() {}

    private static Key<List<PathGlob>> globs(String name, String meaning) {
        return Key.withDefault(name, Types.oneOrMore(PathGlob.type()), List.of(), "none", meaning);
    }

    private static ValueType<Path> path() {
        ValueType<String> text = Types.text();
        return new ValueType<>() {
            @Override
            public Optional<Path> read(Node node, Reading reading) {
                try {
                    return text.read(node, reading).map(reading.baseDirectory()::resolve);
                } catch (InvalidPathException e) {
                    reading.problems().error(node, "not a path: " + e.getReason());
                    return Optional.empty();
                }
            }

            @Override
            public String describe() {
                return "a path of a file";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of("type", "string");
            }
        };
    }

    /** A mapping of paths to expressions, or a list of paths alone. */
    private static ValueType<List<Rule>> rules() {
        ValueType<List<PathGlob>> paths = Types.oneOrMore(PathGlob.type());
        ValueType<SequencedMap<String, Pattern>> values = Types.map(Types.text(), Types.regex());
        return new ValueType<>() {
            @Override
            public Optional<List<Rule>> read(Node node, Reading reading) {
                if (!(node instanceof Node.Fields)) {
                    return paths.read(node, reading)
                            .map(all -> all.stream().map(p -> new Rule(p, Optional.empty())).toList());
                }
                return values.read(node, reading).map(all -> {
                    var rules = new ArrayList<Rule>();
                    all.forEach((path, pattern) -> rules.add(new Rule(PathGlob.of(path), Optional.of(pattern))));
                    return List.copyOf(rules);
                });
            }

            @Override
            public String describe() {
                return "a mapping of paths to regular expressions, or a list of paths";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of("anyOf", List.of(paths.jsonSchema(), values.jsonSchema()));
            }
        };
    }

    /** Reads a clean section; problems between keys are told to it. */
    static DriftConfig read(Section section) {
        Reference reference = reference(section);
        var rules = new Rules(
                section.get(ONLY),
                section.get(IGNORE),
                section.find(REQUIRE).orElse(List.of()),
                section.find(FORBID).orElse(List.of()),
                section.get(VERSIONS),
                section.get(SECRET_PATHS));
        if (reference instanceof Reference.None && rules.require().isEmpty() && rules.forbid().isEmpty()) {
            section.reading()
                    .problems()
                    .error(section.node(), "there is nothing to compare with; one of reference, reference_url, require and forbid is needed");
        }
        ClientSettings client = ClientSettings.read(section);
        if (client.connectTo().isPresent() && section.has(REFERENCE_URL)) {
            section.reading()
                    .problems()
                    .error(section.node(), "connect_to would hold for reference_url too; one of them has to go");
        }
        Source source = source(section);
        return new DriftConfig(
                source,
                section.get(FORMAT),
                reference,
                section.find(UNLISTED)
                        .orElse(reference instanceof Reference.Sister || reference instanceof Reference.Seen),
                rules,
                client,
                secrets(source, reference));
    }

    private static Source source(Section section) {
        if (section.has(URL) == section.has(FILE)) {
            section.reading().problems().error(section.node(), "the document is at url or in file; one of them is needed, and not both");
        }
        if (section.has(FILE)) {
            return new Source.Local(section.find(FILE).orElseThrow());
        }
        return new Source.Http(request(section, URL, RequestKeys.HEADERS, RequestKeys.AUTH));
    }

    private static Reference reference(Section section) {
        if (section.has(REFERENCE) && section.has(REFERENCE_URL)) {
            section.problem(REFERENCE, "reference and reference_url say the same thing; keep one");
        }
        if (section.has(REFERENCE_URL)) {
            return new Reference.Sister(request(section, REFERENCE_URL, REFERENCE_HEADERS, REFERENCE_AUTH));
        }
        for (Key<?> key : List.of(REFERENCE_HEADERS, REFERENCE_AUTH)) {
            if (section.has(key)) {
                section.problem(key, key + " is for reference_url, which is not there");
            }
        }
        Reference written = section.find(REFERENCE).orElseGet(Reference.None::new);
        if (written instanceof Reference.Seen seen && !seen.moving()) {
            return new Reference.Seen(false, section.find(PIN).orElse(""));
        }
        if (section.has(PIN)) {
            section.problem(PIN, "pin is for reference: first_seen");
        }
        return written;
    }

    private static HttpRequest request(
            Section section, Key<HttpUrl> url, Key<SequencedMap<String, HeaderText>> headers, Key<Auth> auth) {
        boolean hidden = section.at(url) instanceof Node.Scalar s && s.secret();
        SequencedMap<String, HeaderText> written = section.find(headers).orElseGet(LinkedHashMap::new);
        return new HttpRequest(
                section.find(url).orElseGet(() -> HttpUrl.get("http://127.0.0.1/")),
                hidden,
                "GET",
                written,
                section.find(auth),
                Optional.empty());
    }

    private static List<Secret> secrets(Source source, Reference reference) {
        var secrets = new ArrayList<Secret>();
        if (source instanceof Source.Http(HttpRequest request)) {
            secrets.addAll(request.secrets());
        }
        if (reference instanceof Reference.Sister(HttpRequest request)) {
            secrets.addAll(request.secrets());
        }
        return secrets;
    }
}
