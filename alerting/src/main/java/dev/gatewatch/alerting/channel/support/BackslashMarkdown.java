package dev.gatewatch.alerting.channel.support;

/**
 * Markdown in which a backslash takes a character's meaning away. Immutable.
 *
 * @param special the characters that have one
 */
public record BackslashMarkdown(Measure measure, String special, String newline) implements Markup {
    @Override
    public String escape(int point) {
        String character = Character.toString(point);
        return special.contains(character) ? "\\" + character : character;
    }

    @Override
    public String bold(String escaped) {
        return "**" + escaped + "**";
    }

    /** A backtick would end the code early; nothing else means anything there. */
    @Override
    public String escapeInCode(int point) {
        return point == '`' ? "ˋ" : Character.toString(point);
    }

    @Override
    public String code(String escaped) {
        return "`" + escaped + "`";
    }

    @Override
    public String link(String title, String address) {
        return Links.inMarkdown(escape(title, 60), address);
    }
}
