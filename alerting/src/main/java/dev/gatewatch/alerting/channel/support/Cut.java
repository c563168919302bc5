package dev.gatewatch.alerting.channel.support;

/** Texts cut to what a receiver takes, never within a character. */
public final class Cut {
    private static final String MORE = "…";
    private static final int MORE_BYTES = 3;

    private Cut() {}

    /** The text in at most {@code most} UTF-16 units (what receivers call characters), ending in … where something was left out. */
    public static String chars(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        if (most <= 0) {
            return "";
        }
        int end = most - 1;
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) && Character.isLowSurrogate(text.charAt(end))) {
            end--;
        }
        return text.substring(0, end) + MORE;
    }

    /** The text in at most {@code most} bytes of UTF-8, ending in … where something was left out. */
    public static String bytes(String text, int most) {
        if (text.length() * 3L <= most) {
            return text;
        }
        int used = 0;
        int fits = 0; // where to cut, should the text turn out to be too long
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            used += utf8Length(point);
            if (used > most) {
                return most < MORE_BYTES ? "" : text.substring(0, fits) + MORE;
            }
            i += Character.charCount(point);
            if (used <= most - MORE_BYTES) {
                fits = i;
            }
        }
        return text;
    }

    private static int utf8Length(int point) {
        return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }

    /**
     * The text as any receiver can take it: halves of surrogate pairs become U+FFFD, control characters but line breaks and tabs
     * become spaces.
     */
    public static String clean(String text) {
        var out = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                out.append('\uFFFD');
            } else if (Character.isISOControl(point) && point != '\n' && point != '\t') {
                out.append(' ');
            } else {
                out.appendCodePoint(point);
            }
        });
        return out.toString();
    }

    /** The {@linkplain #clean clean} text in one line. */
    public static String oneLine(String text) {
        return clean(text).replaceAll("[\\s\\u2028\\u2029]+", " ").strip();
    }
}
