package dev.gatewatch.alerting.channel.support;

/**
 * Markdown for receivers that know no escapes: what would be markup is replaced by full-width characters that look the same and mean
 * nothing. Immutable.
 *
 * @param newline what ends a line there
 */
public record Lookalikes(Measure measure, String newline) implements Markup {
    @Override
    public String escape(int point) {
        return switch (point) {
            case '*' -> "＊";
            case '#' -> "＃";
            case '<' -> "＜";
            case '>' -> "＞";
            case '[' -> "［";
            case ']' -> "］";
            case '`' -> "ˋ";
            default -> Character.toString(point);
        };
    }

    @Override
    public String bold(String escaped) {
        return "**" + escaped + "**";
    }

    @Override
    public String link(String title, String address) {
        return Links.inMarkdown(escape(title, 60), address);
    }
}
