package dev.gatewatch.alerting.channel.slack;

import dev.gatewatch.alerting.channel.support.EntityMarkup;

/** Text as Slack takes it: {@code &}, {@code <} and {@code >} escaped, so that nothing in it becomes a mention or a link. */
enum SlackMarkup implements EntityMarkup {
    MRKDWN;

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
