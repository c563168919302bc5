package dev.gatewatch.alerting.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.view.AlertView;
import java.util.Optional;
import java.util.regex.MatchResult;

/**
 * What a property or label of an alert has to be or must not be, written as {@code name=value}, {@code name!=value}, {@code name=~regex} or
 * {@code name!~regex}; the value may stand in double quotes, as Alertmanager's matchers have it. An absent label is the empty text. Immutable.
 *
 * @param pattern RE2 syntax, has to match in full; absent where the value is meant literally
 */
record SilenceMatcher(String name, boolean negated, Optional<Pattern> pattern, String value) {
    private static final java.util.regex.Pattern WRITTEN =
            java.util.regex.Pattern.compile("\\s*([a-zA-Z_][a-zA-Z0-9_.:/-]{0,99})\\s*(=~|!~|!=|=)(.*)", java.util.regex.Pattern.DOTALL);

    private static final java.util.regex.Pattern COUNTS = java.util.regex.Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?}");

    private static final int LONGEST = 1_000;

    /** RE2 takes linear time in the text, and as much again in the expression: these keep a match below a millisecond or so. */
    private static final long MOST_REPETITIONS = 100;

    private static final int LARGEST_PROGRAM = 2_000;

    /**
     * Reads a matcher.
     *
     * @throws IllegalArgumentException in a person's words
     */
    static SilenceMatcher parse(String text) {
        var written = WRITTEN.matcher(text);
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("a matcher has " + LONGEST + " characters at most; \"" + shown(text) + "\" has " + text.length());
        }
        if (text.chars().anyMatch(Character::isISOControl) || !written.matches()) {
            throw malformed(text);
        }
        MatchResult parts = written.toMatchResult();
        String operator = parts.group(2);
        String value = unquoted(parts.group(3).strip());
        if (operator.equals("!=") && value.startsWith("~")) {
            throw malformed(text); // neither != nor !~ for sure
        }
        boolean regex = operator.endsWith("~");
        return new SilenceMatcher(
                parts.group(1), operator.startsWith("!"), regex ? Optional.of(compiled(value)) : Optional.empty(), value);
    }

    boolean accepts(AlertView alert) {
        String actual = Properties.of(alert, name);
        boolean same = pattern.map(p -> p.matches(actual)).orElse(value.equals(actual));
        return same != negated;
    }

    private static Pattern compiled(String regex) {
        if (repetitions(regex) > MOST_REPETITIONS) {
            throw tooLarge(regex);
        }
        try {
            Pattern pattern = Pattern.compile(regex);
            if (pattern.programSize() > LARGEST_PROGRAM) {
                throw tooLarge(regex);
            }
            return pattern;
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("\"" + shown(regex) + "\" is no regular expression (RE2 syntax): " + e.getDescription(), e);
        }
    }

    /** How often the innermost part may be written out: RE2 makes a copy for each repetition, and of copies again. */
    private static long repetitions(String regex) {
        long product = 1;
        for (var counts = COUNTS.matcher(regex); counts.find() && product <= MOST_REPETITIONS; ) {
            String most = counts.group(2) == null || counts.group(2).isEmpty() ? counts.group(1) : counts.group(2);
            product *= Math.max(1, Long.parseLong(most));
        }
        return product;
    }

    private static IllegalArgumentException tooLarge(String regex) {
        return new IllegalArgumentException("\"" + shown(regex) + "\" repeats too much for a silence's regular expression");
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1).replace("\\\"", "\"") : value;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "\"" + shown(text) + "\" is no matcher; write name=value, name!=value, name=~regex or name!~regex");
    }

    private static String shown(String text) {
        return Cut.chars(Cut.oneLine(text), 60);
    }
}
