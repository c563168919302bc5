package dev.gatewatch.config;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** What the YAML parser says, in words for people who do not know its grammar. Immutable. */
record SyntaxWords(Optional<Mark> at, String message, Optional<String> suggestion) {
    /**
     * A complaint of the parser and its translation.
     *
     * @param atContext whether the place to show is where the construct began, not where the parser gave up
     */
    private record Rule(String complaint, String message, String suggestion, boolean atContext) {}

    private static final List<Rule> RULES = List.of(
            new Rule("TAB", "a tab; YAML is indented with spaces", "replace it by spaces", false),
            new Rule(
                    "mapping values are not allowed here",
                    "a \":\" that makes no sense here",
                    "put quotes around a value that holds \": \", or check the indentation",
                    false),
            new Rule(
                    "could not find expected ':'",
                    "this line is neither \"key: value\" nor an item of a list",
                    "a \":\" or a closing quote may be missing",
                    true),
            new Rule(
                    "expected <block end>",
                    "this does not fit the lines above",
                    "check the indentation",
                    false),
            new Rule(
                    "sequence entries are not allowed",
                    "an item of a list makes no sense here",
                    "begin the list on a line of its own",
                    false),
            new Rule("expected ',' or '}'", "a \"{\" that is not closed properly", "check commas and the closing \"}\"", true),
            new Rule("expected ',' or ']'", "a \"[\" that is not closed properly", "check commas and the closing \"]\"", true),
            new Rule("found unexpected end of stream", "a quote that is opened here and never closed", "close it, or double a quote inside", true),
            new Rule("found unexpected document separator", "a quote that is opened here and never closed", "close it, or double a quote inside", true),
            new Rule(
                    "found unknown escape character",
                    "a backslash that means nothing in double quotes",
                    "use single quotes for text with backslashes",
                    false),
            new Rule(
                    "that cannot start any token",
                    "a value cannot begin with this character",
                    "put quotes around the value",
                    false),
            new Rule(
                    "found '<stream end>'",
                    "the file ends where more is expected",
                    "look for an unclosed \"{\" or \"[\" before",
                    false),
            new Rule("expected the node content", "a value is missing here", "write one, or \"\" for an empty text", false),
            new Rule("while scanning an alias", "a value cannot begin with \"*\"", "put quotes around the value", true),
            new Rule("while scanning an anchor", "a value cannot begin with \"&\"", "put quotes around the value", true));

    static SyntaxWords of(MarkedYamlEngineException e) {
        String complaint = orEmpty(e.getContext()) + "\n" + orEmpty(e.getProblem());
        for (Rule rule : RULES) {
            if (complaint.contains(rule.complaint())) {
                Optional<Mark> at = rule.atContext() ? e.getContextMark().or(e::getProblemMark) : e.getProblemMark();
                return new SyntaxWords(at, rule.message(), Optional.of(rule.suggestion()));
            }
        }
        return new SyntaxWords(e.getProblemMark().or(e::getContextMark), "not YAML: " + orEmpty(e.getProblem()), Optional.empty());
    }

    private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text;
    }
}
