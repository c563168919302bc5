package dev.gatewatch.alerting.channel.email;

import java.util.StringJoiner;

/** A mail as plain text, in lines that a terminal shows whole. Pure functions. */
final class PlainLetter {
    /** RFC 5322, section 2.1.1: lines should be no longer than this. */
    private static final int WIDTH = 78;

    private static final String INDENT = "  ";

    private PlainLetter() {}

    static String of(LetterText text) {
        var lines = new StringJoiner("\n", "", "\n");
        lines.add(wrapped(text.title(), ""));
        text.lead().forEach(line -> lines.add(wrapped(line, "")));
        lines.add("");
        for (LetterText.Row row : text.rows()) {
            lines.add(wrapped(row.label().isEmpty() ? row.text() : row.label() + " " + row.text(), INDENT));
        }
        if (!text.links().isEmpty()) {
            lines.add("");
            // an address that was broken over lines would lead nowhere
            text.links().forEach((title, address) -> lines.add(title + ": " + address));
        }
        lines.add("");
        lines.add("-- "); // RFC 3676, section 4.3
        lines.add("Gatewatch");
        return lines.toString();
    }

    /** Broken at spaces; a word that is longer than a line stays whole. */
    private static String wrapped(String text, String indent) {
        var out = new StringBuilder(text.length() + 16);
        int column = 0;
        for (String word : text.split(" ", -1)) {
            int width = width(word);
            if (column > 0 && column + 1 + width > WIDTH) {
                out.append('\n').append(indent);
                column = indent.length();
            } else if (column > 0) {
                out.append(' ');
                column++;
            }
            out.append(word);
            column += width;
        }
        return out.toString();
    }

    /** Ideographs and emoji take two columns. */
    private static int width(String word) {
        return word.codePoints().map(point -> point >= 0x2E80 ? 2 : 1).sum();
    }
}
