package dev.gatewatch.probes.exec;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A threshold range of the plugin guidelines: {@code 10} (0 to 10 is good), {@code 10:}, {@code ~:10}, {@code 10:20}. Ranges turned
 * inside out ({@code @10:20}) have no single bounds and are read as none. Immutable.
 *
 * @param below values below are bad; empty where there is no such bound, or it is the implied 0
 * @param above values above are bad
 */
record Threshold(OptionalDouble below, OptionalDouble above) {
    static final Threshold NONE = new Threshold(OptionalDouble.empty(), OptionalDouble.empty());

    private static final Pattern FORM = Pattern.compile("(?:(~|[-+0-9.eE]{1,40})?:)?([-+0-9.eE]{1,40})?");

    /** Reads a range; what is not one is none. */
    static Threshold of(String text, double factor) {
        Matcher m = FORM.matcher(text);
        return text.isEmpty() || !m.matches()
                ? NONE
                : new Threshold(number(m.group(1) == null ? "" : m.group(1), factor), number(m.group(2) == null ? "" : m.group(2), factor));
    }

    static OptionalDouble number(String text, double factor) {
        try {
            double value = Double.parseDouble(text) * factor;
            return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
        } catch (NumberFormatException _) {
            return OptionalDouble.empty();
        }
    }
}
