package dev.gatewatch.probes.nameserver;

import com.google.re2j.Pattern;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.util.List;
import java.util.Optional;

/**
 * What the lines of a section ({@link RecordText#line}) must and must not look like, by unanchored expressions. Immutable.
 *
 * @param ifMatches fails when any line matches any of these
 * @param ifAllMatch fails when every line matches every one of these; a section without lines does not
 * @param ifNotMatches fails when any line does not match one of these, or there is no line
 * @param ifNoneMatches fails when no line matches any of these
 */
public record RecordRules(
        List<Pattern> ifMatches, List<Pattern> ifAllMatch, List<Pattern> ifNotMatches, List<Pattern> ifNoneMatches) {
    /** Which way {@code fail_if_all_match} is taken. */
    public enum Sense {
        /** As its name says. */
        AS_NAMED,
        /** As blackbox_exporter's code does: fails when not all match. */
        AS_BLACKBOX
    }

    /** Nothing is asked of the section. */
    public static final RecordRules NONE = new RecordRules(List.of(), List.of(), List.of(), List.of());

    private static final Key<List<Pattern>> IF_MATCHES =
            key("fail_if_matches", "Fails when any record matches any of these expressions.");
    private static final Key<List<Pattern>> IF_ALL_MATCH = key(
            "fail_if_all_match",
            "Fails when there are records and each matches every one of these expressions. (blackbox_exporter's key of this name"
                    + " does the opposite.)");
    private static final Key<List<Pattern>> IF_NOT_MATCHES =
            key("fail_if_not_matches", "Fails when any record does not match one of these expressions, or there is no record.");
    private static final Key<List<Pattern>> IF_NONE_MATCHES =
            key("fail_if_none_matches", "Fails when no record matches any of these expressions.");

    /** One section's rules. */
    public static final SectionType<RecordRules> TYPE = SectionType.of(
            "rules",
            List.of(IF_MATCHES, IF_ALL_MATCH, IF_NOT_MATCHES, IF_NONE_MATCHES),
            s -> new RecordRules(s.get(IF_MATCHES), s.get(IF_ALL_MATCH), s.get(IF_NOT_MATCHES), s.get(IF_NONE_MATCHES)));

    public RecordRules {
        ifMatches = List.copyOf(ifMatches);
        ifAllMatch = List.copyOf(ifAllMatch);
        ifNotMatches = List.copyOf(ifNotMatches);
        ifNoneMatches = List.copyOf(ifNoneMatches);
    }

    private static Key<List<Pattern>> key(String name, String meaning) {
        return Key.withDefault(name, Types.oneOrMore(Types.regex()), List.of(), "none", meaning);
    }

    /** Why the lines break a rule, with the line and the expression; nothing where they keep all. */
    public Optional<String> broken(List<String> lines, Sense sense) {
        return anyMatches(lines)
                .or(() -> allMatch(lines, sense))
                .or(() -> anyDoesNotMatch(lines))
                .or(() -> noneMatches(lines));
    }

    private Optional<String> anyMatches(List<String> lines) {
        return lines.stream()
                .flatMap(line -> ifMatches.stream()
                        .filter(p -> finds(p, line))
                        .map(p -> "has \"" + shown(line) + "\", which matches " + p.pattern()))
                .findFirst();
    }

    private Optional<String> allMatch(List<String> lines, Sense sense) {
        if (ifAllMatch.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> miss = miss(lines, ifAllMatch);
        return switch (sense) {
            case AS_NAMED -> miss.isEmpty() && !lines.isEmpty()
                    ? Optional.of("has nothing but what matches " + shown(ifAllMatch))
                    : Optional.empty();
            case AS_BLACKBOX -> miss;
        };
    }

    private Optional<String> anyDoesNotMatch(List<String> lines) {
        if (ifNotMatches.isEmpty()) {
            return Optional.empty();
        }
        return lines.isEmpty()
                ? Optional.of("is empty, expected what matches " + shown(ifNotMatches))
                : miss(lines, ifNotMatches);
    }

    private Optional<String> noneMatches(List<String> lines) {
        boolean wanted = !ifNoneMatches.isEmpty()
                && lines.stream().noneMatch(line -> ifNoneMatches.stream().anyMatch(p -> finds(p, line)));
        return wanted ? Optional.of("has nothing that matches " + shown(ifNoneMatches)) : Optional.empty();
    }

    private static Optional<String> miss(List<String> lines, List<Pattern> patterns) {
        return lines.stream()
                .flatMap(line -> patterns.stream()
                        .filter(p -> !finds(p, line))
                        .map(p -> "has \"" + shown(line) + "\", which does not match " + p.pattern()))
                .findFirst();
    }

    private static boolean finds(Pattern pattern, String line) {
        return pattern.matcher(line).find();
    }

    private static String shown(String line) {
        String spaced = line.replace('\t', ' ');
        return spaced.length() <= 200 ? spaced : spaced.substring(0, 200) + "…";
    }

    private static String shown(List<Pattern> patterns) {
        return patterns.size() == 1
                ? patterns.getFirst().pattern()
                : "any of " + patterns.stream().map(Pattern::pattern).toList();
    }
}
