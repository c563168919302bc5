package dev.gatewatch.probes.blackbox;

import com.google.re2j.Pattern;
import java.util.regex.Matcher;

/** Replacement text as Go's {@code Regexp.Expand} takes it, made into the text of our own dialogues. Pure functions. */
final class GoTemplate {
    /** {@code $$}, a name in braces, or the longest name that follows the dollar sign. */
    private static final java.util.regex.Pattern REFERENCE =
            java.util.regex.Pattern.compile("\\$(?:(\\$)|\\{(\\w+)}|(\\w+))");

    private GoTemplate() {}

    /** The same with our references; what the expression does not capture stands for nothing, as in Go. */
    static String ours(String template, String expression) {
        Pattern pattern = Pattern.compile(expression);
        Matcher reference = REFERENCE.matcher(template);
        var out = new StringBuilder();
        while (reference.find()) {
            String name = reference.group(2) == null ? reference.group(3) : reference.group(2);
            String put = reference.group(1) != null ? "$" : captures(pattern, name) ? "${" + name + "}" : "";
            reference.appendReplacement(out, Matcher.quoteReplacement(put));
        }
        return reference.appendTail(out).toString();
    }

    private static boolean captures(Pattern pattern, String name) {
        if (!name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return pattern.namedGroups().containsKey(name);
        }
        return name.length() <= 2 && Integer.parseInt(name) <= pattern.groupCount();
    }
}
