package dev.gatewatch.probes.expect;

import com.google.re2j.Pattern;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a body must and must not hold. Immutable. */
record BodyExpectation(
        List<String> contains, List<String> notContains, List<Pattern> matches, List<Pattern> notMatches) {
    static final BodyExpectation NONE = new BodyExpectation(List.of(), List.of(), List.of(), List.of());

    private static final Key<List<String>> CONTAINS =
            Key.optional("contains", Types.oneOrMore(Types.text()), "Texts that must all be in the body.");
    private static final Key<List<String>> NOT_CONTAINS =
            Key.optional("not_contains", Types.oneOrMore(Types.text()), "Texts of which none may be in the body.");
    private static final Key<List<Pattern>> MATCHES = Key.optional(
            "matches",
            Types.oneOrMore(Types.regex()),
            "Regular expressions (RE2, unanchored) that must all match the body.");
    private static final Key<List<Pattern>> NOT_MATCHES = Key.optional(
            "not_matches",
            Types.oneOrMore(Types.regex()),
            "Regular expressions (RE2, unanchored) of which none may match the body.");

    private static final SectionType<BodyExpectation> SECTION = SectionType.of(
            "body", List.of(CONTAINS, NOT_CONTAINS, MATCHES, NOT_MATCHES), BodyExpectation::read);
    private static final ValueType<List<String>> SHORT = Types.oneOrMore(Types.text());

    /** A mapping of the four lists; or text, or a list of texts, that stands for {@code contains}. */
    static ValueType<BodyExpectation> type() {
        return new ValueType<>() {
            @Override
            public Optional<BodyExpectation> read(Node node, Reading reading) {
                return node instanceof Node.Fields
                        ? SECTION.read(node, reading)
                        : SHORT.read(node, reading)
                                .map(texts -> new BodyExpectation(texts, List.of(), List.of(), List.of()));
            }

            @Override
            public String describe() {
                return "text that the body contains, or a mapping with contains, not_contains, matches, not_matches";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of("anyOf", List.of(SHORT.jsonSchema(), SECTION.jsonSchema()));
            }
        };
    }

    boolean isEmpty() {
        return equals(NONE);
    }

    private static BodyExpectation read(Section section) {
        return new BodyExpectation(
                section.find(CONTAINS).orElse(List.of()),
                section.find(NOT_CONTAINS).orElse(List.of()),
                section.find(MATCHES).orElse(List.of()),
                section.find(NOT_MATCHES).orElse(List.of()));
    }
}
