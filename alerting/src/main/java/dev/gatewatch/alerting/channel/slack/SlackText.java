package dev.gatewatch.alerting.channel.slack;

/** Text as Slack takes it: {@code &}, {@code <} and {@code >} escaped, so that nothing in it becomes a mention or a link. */
final class SlackText {
    private SlackText() {}

    /** The escaped text in at most {@code most} UTF-16 units, cut neither within a character nor within an escape. */
    static String escape(String text, int most) {
        var out = new StringBuilder(Math.min(text.length() + 16, most));
        int lastFit = 0; // the length up to which … still fits
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            switch (point) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                default -> out.appendCodePoint(point);
            }
            if (out.length() > most) {
                out.setLength(lastFit);
                return most < 1 ? "" : out.append('…').toString();
            }
            if (out.length() <= most - 1) {
                lastFit = out.length();
            }
        }
        return out.toString();
    }

    /** The text as inline code; a backtick would end it early. */
    static String code(String text, int most) {
        return "`" + escape(text.replace('`', 'ˋ'), most - 2) + "`";
    }
}
