package dev.gatewatch.probes.transaction;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.expect.BoundedText;
import dev.gatewatch.probes.expect.JsonQuery;
import dev.gatewatch.probes.httpclient.HeaderText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where in an answer a variable's value is. Immutable.
 *
 * @param pattern taken from what the source gives: its first group, or all of the match where it has none
 * @param fallback taken where there is nothing
 * @param secret whether the value must not be shown
 */
record Capture(Source source, Optional<Pattern> pattern, Optional<String> fallback, boolean secret) {
    /** Longer values are no ids, tokens or links. */
    private static final int LONGEST = 16_384;

    private static final Key<String> JSON = Key.optional("json", JsonQuery.type(), "JSONPath in the body.");
    private static final Key<String> HEADER = Key.optional("header", HeaderText.nameType(), "A header's first value.");
    private static final Key<String> COOKIE =
            Key.optional("cookie", Types.text(), "A cookie that is set, by this answer or an earlier one of the run.");
    private static final Key<Pattern> REGEX = Key.optional(
            "regex",
            Types.regex(),
            "Regular expression (RE2) whose first group, or whole match where it has none, is the value: in the body, or in what json,"
                    + " header or cookie gives where one of them stands beside it.");
    private static final Key<String> DEFAULT =
            Key.optional("default", Types.text(), "Value where there is none; without it that is capture_missing.");
    private static final Key<Boolean> SECRET = Key.withDefault(
            "secret", Types.bool(), false, "false", "Whether the value must not be seen, as that of a token.");
    private static final List<Key<String>> SOURCES = List.of(JSON, HEADER, COOKIE);
    private static final SectionType<Capture> SECTION =
            SectionType.of("capture", List.of(JSON, HEADER, COOKIE, REGEX, DEFAULT, SECRET), Capture::read);

    /** What a value is taken from. */
    sealed interface Source {
        record Json(String path, JsonQuery query) implements Source {}

        record Header(String name) implements Source {}

        record Cookie(String name) implements Source {}

        record Body() implements Source {}
    }

    /** A mapping of the keys above, or a JSONPath alone. */
    static ValueType<Capture> type() {
        return new ValueType<>() {
            @Override
            public Optional<Capture> read(Node node, Reading reading) {
                return node instanceof Node.Fields
                        ? SECTION.read(node, reading)
                        : JSON.type().read(node, reading)
                                .map(path -> new Capture(json(path), Optional.empty(), Optional.empty(), false));
            }

            @Override
            public String describe() {
                return "a JSONPath ($.id), or a mapping with one of json, header, cookie, regex";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of("anyOf", List.of(JSON.type().jsonSchema(), SECTION.jsonSchema()));
            }
        };
    }

    private static Source json(String path) {
        return new Source.Json(path, JsonQuery.of(path));
    }

    private static Capture read(Section section) {
        List<Key<String>> written = SOURCES.stream().filter(section::has).toList();
        if (written.size() > 1 || (written.isEmpty() && !section.has(REGEX))) {
            section.reading().problems().error(section.node(), "one of json, header, cookie and regex is needed");
        }
        Source source = Stream.of(
                        section.find(JSON).map(Capture::json),
                        section.find(HEADER).<Source>map(Source.Header::new),
                        section.find(COOKIE).<Source>map(Source.Cookie::new))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(Source.Body::new);
        return new Capture(source, section.find(REGEX), section.find(DEFAULT), section.get(SECRET));
    }

    /**
     * The value, if there is one that is not empty.
     *
     * @throws BoundedText.TimeUp when the regular expression was not done by the deadline
     */
    Optional<String> find(Captured from, Deadline deadline) {
        Optional<String> whole =
                switch (source) {
                    case Source.Json(_, JsonQuery query) -> from.json(query);
                    case Source.Header(String name) -> from.header(name);
                    case Source.Cookie(String name) -> from.cookie(name);
                    case Source.Body() -> from.body();
                };
        return whole.flatMap(text -> cut(text, deadline)).filter(v -> !v.isEmpty() && v.length() <= LONGEST).or(() -> fallback);
    }

    private Optional<String> cut(String text, Deadline deadline) {
        if (pattern.isEmpty()) {
            return Optional.of(text);
        }
        Matcher m = pattern.get().matcher(new BoundedText(text, deadline));
        if (!m.find()) {
            return Optional.empty();
        }
        return Optional.ofNullable(m.groupCount() > 0 ? m.group(1) : m.group());
    }

    /** What was looked for, and where: {@code $.id in the body}. */
    String shown() {
        String where =
                switch (source) {
                    case Source.Json(String path, _) -> path + " in the body";
                    case Source.Header(String name) -> "header " + name;
                    case Source.Cookie(String name) -> "cookie " + name;
                    case Source.Body() -> "the body";
                };
        return pattern.map(p -> "/" + p + "/ in " + where).orElse(where);
    }
}
