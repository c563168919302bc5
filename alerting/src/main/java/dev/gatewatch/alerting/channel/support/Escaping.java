package dev.gatewatch.alerting.channel.support;

import java.util.function.IntFunction;

/** Texts escaped and cut in one go, since escapes make them longer. */
final class Escaping {
    private static final String MORE = "…";

    private Escaping() {}

    /** The escaped text in at most {@code most} units, ending in … where something was left out. */
    static String cut(String text, int most, Measure measure, IntFunction<String> escape) {
        int more = measure.of(MORE);
        var out = new StringBuilder(Math.min(text.length() + 16, Math.max(16, most)));
        int length = 0;
        int fits = 0; // up to here … still fits
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            String escaped = escape.apply(point);
            length += measure.of(escaped);
            if (length > most) {
                out.setLength(fits);
                return most < more ? "" : out.append(MORE).toString();
            }
            out.append(escaped);
            if (length <= most - more) {
                fits = out.length();
            }
        }
        return out.toString();
    }
}
