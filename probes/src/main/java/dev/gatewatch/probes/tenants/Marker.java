package dev.gatewatch.probes.tenants;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.expect.JsonQuery;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probes.httpclient.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.Headers;

/** What only one tenant's answers may hold. Immutable. */
sealed interface Marker {
    /** A text, wherever it stands: in the body or in a header's value. */
    record Text(String text) implements Marker {}

    /** A value at a place of a JSON body. */
    record JsonAt(JsonQuery path, String text) implements Marker {}

    /** The whole value of a header. */
    record Header(String name, String text) implements Marker {}

    /**
     * Where a marker was seen.
     *
     * @param where {@code the body at character 17}, {@code header X-Tenant}
     * @param excerpt what stands around it
     */
    record Sighting(String where, String excerpt) {}

    /** The value that makes it this tenant's. */
    String text();

    /** A marker that chance would find is none. */
    int SHORTEST_TEXT = 4;

    int AROUND = 80;

    /** Where the marker first stands in an answer, if it does. */
    default Optional<Sighting> in(Answer answer) {
        return switch (this) {
            case Text(String text) -> inHeaders(answer.headers(), text).or(() -> inBody(answer.text(), text));
            case Header(String name, String text) ->
                answer.headers().values(name).stream()
                        .filter(value -> value.strip().equals(text))
                        .findFirst()
                        .map(value -> new Sighting("header " + name, name + ": " + value));
            case JsonAt(JsonQuery path, String text) ->
                Json.tryParse(answer.body().bytes().toByteArray())
                        .filter(document -> path.find(document).stream()
                                .anyMatch(value -> value.isValueNode() && value.asString("").equals(text)))
                        .map(_ -> new Sighting("the body at " + path, path + " = " + text));
        };
    }

    private static Optional<Sighting> inHeaders(Headers headers, String text) {
        for (int i = 0; i < headers.size(); i++) {
            int at = headers.value(i).indexOf(text);
            if (at >= 0) {
                return Optional.of(
                        new Sighting("header " + headers.name(i), headers.name(i) + ": " + around(headers.value(i), at, text)));
            }
        }
        return Optional.empty();
    }

    private static Optional<Sighting> inBody(String body, String text) {
        int at = body.indexOf(text);
        return at < 0
                ? Optional.empty()
                : Optional.of(new Sighting("the body at character " + at, around(body, at, text)));
    }

    private static String around(String whole, int at, String text) {
        int from = Math.max(0, at - AROUND);
        int to = Math.min(whole.length(), at + text.length() + AROUND);
        return (from > 0 ? "…" : "") + whole.substring(from, to) + (to < whole.length() ? "…" : "");
    }

    /** Whether an answer with the other's marker would hold this one too, so that neither says whose it is. */
    default boolean isWithin(Marker other) {
        return switch (this) {
            case Text(String text) -> other.text().contains(text);
            case Header(String name, String text) ->
                other instanceof Header(String n, String t) && n.equalsIgnoreCase(name) && t.equals(text);
            case JsonAt(JsonQuery path, String text) ->
                other instanceof JsonAt(JsonQuery p, String t) && p.toString().equals(path.toString()) && t.equals(text);
        };
    }

    /** As text, or as a mapping that says where to look. */
    static ValueType<Marker> type() {
        Key<String> json = Key.optional("json", JsonQuery.type(), "JSONPath of the value in the body: $.tenant.id.");
        Key<String> header = Key.optional("header", HeaderText.nameType(), "Response header whose whole value it is.");
        Key<String> value = Key.required("value", Types.text(), "What stands there in this tenant's answers, and in no other's.");
        SectionType<Marker> section = SectionType.of("marker", List.of(json, header, value), s -> {
            if (s.has(json) == s.has(header)) {
                s.reading().problems().error(s.node(), "one of json and header is needed: where the value stands");
                return new Text(s.get(value));
            }
            return s.find(json)
                    .<Marker>map(path -> new JsonAt(JsonQuery.of(path), s.get(value)))
                    .orElseGet(() -> new Header(s.find(header).orElseThrow(), s.get(value)));
        });
        return new ValueType<>() {
            @Override
            public Optional<Marker> read(Node node, Reading reading) {
                if (node instanceof Node.Fields) {
                    return section.read(node, reading);
                }
                Optional<String> text = Types.text().read(node, reading);
                if (text.isPresent() && text.get().strip().length() < SHORTEST_TEXT) {
                    reading.problems()
                            .error(
                                    node,
                                    "a marker of fewer than " + SHORTEST_TEXT + " characters would be found by chance",
                                    "write a longer one, or where it stands: {json: \"$.tenant\", value: …}");
                    return Optional.empty();
                }
                return text.map(Text::new);
            }

            @Override
            public String describe() {
                return "text, or a mapping with json or header and value";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                var schema = new LinkedHashMap<String, Object>();
                schema.put("anyOf", List.of(Types.text().jsonSchema(), section.jsonSchema()));
                return schema;
            }
        };
    }
}
