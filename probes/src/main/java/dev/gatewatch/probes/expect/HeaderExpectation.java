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

/**
 * What the values of one response header must be. A header that comes several times fits when one of its values does; a forbidden
 * pattern must match none. Immutable.
 */
record HeaderExpectation(List<Pattern> matches, List<Pattern> notMatches, boolean allowMissing) {
    private static final Key<List<Pattern>> MATCHES = Key.optional(
            "matches",
            Types.oneOrMore(Types.regex()),
            "Regular expressions (RE2, unanchored); each must match one of the header's values.");
    private static final Key<List<Pattern>> NOT_MATCHES = Key.optional(
            "not_matches",
            Types.oneOrMore(Types.regex()),
            "Regular expressions (RE2, unanchored) that may match none of the header's values.");
    private static final Key<Boolean> ALLOW_MISSING = Key.withDefault(
            "allow_missing", Types.bool(), false, "false", "Whether the header may be absent.");

    private static final SectionType<HeaderExpectation> SECTION =
            SectionType.of("header", List.of(MATCHES, NOT_MATCHES, ALLOW_MISSING), HeaderExpectation::read);
    private static final ValueType<Pattern> SHORT = Types.regex();

    /** A mapping of the keys above; or a regular expression that stands for {@code matches}. */
    static ValueType<HeaderExpectation> type() {
        return new ValueType<>() {
            @Override
            public Optional<HeaderExpectation> read(Node node, Reading reading) {
                return node instanceof Node.Fields
                        ? SECTION.read(node, reading)
                        : SHORT.read(node, reading)
                                .map(regex -> new HeaderExpectation(List.of(regex), List.of(), false));
            }

            @Override
            public String describe() {
                return "a regular expression, or a mapping with matches, not_matches, allow_missing";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of("anyOf", List.of(SHORT.jsonSchema(), SECTION.jsonSchema()));
            }
        };
    }

    private static HeaderExpectation read(Section section) {
        return new HeaderExpectation(
                section.find(MATCHES).orElse(List.of()),
                section.find(NOT_MATCHES).orElse(List.of()),
                section.get(ALLOW_MISSING));
    }
}
