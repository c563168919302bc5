package dev.gatewatch.alerting.channel.slack;

import dev.gatewatch.alerting.channel.support.Markup;
import dev.gatewatch.alerting.channel.support.Measure;

/** Text as Slack takes it: {@code &}, {@code <} and {@code >} escaped, so that nothing in it becomes a mention or a link. */
enum SlackMarkup implements Markup {
    MRKDWN;

    @Override
    public Measure measure() {
        return Measure.CHARS;
    }

    @Override
    public String escape(int point) {
        return switch (point) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> Character.toString(point);
        };
    }

    @Override
    public String bold(String escaped) {
        return "*" + escaped + "*";
    }

    /** A backtick would end the code early. */
    @Override
    public String escapeInCode(int point) {
        return point == '`' ? "ˋ" : escape(point);
    }

    @Override
    public String code(String escaped) {
        return "`" + escaped + "`";
    }

    @Override
    public String link(String title, String address) {
        return "<" + escape(address, Integer.MAX_VALUE).replace("|", "%7C") + "|" + escape(title, 60) + ">";
    }
}
