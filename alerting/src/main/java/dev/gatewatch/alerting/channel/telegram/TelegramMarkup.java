package dev.gatewatch.alerting.channel.telegram;

import dev.gatewatch.alerting.channel.support.Markup;
import dev.gatewatch.alerting.channel.support.Measure;

/** The part of HTML that Telegram takes. It counts what is left without the tags, so counting them too is on the safe side. */
enum TelegramMarkup implements Markup {
    HTML;

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
        return "<b>" + escaped + "</b>";
    }

    @Override
    public String code(String escaped) {
        return "<code>" + escaped + "</code>";
    }

    @Override
    public String link(String title, String address) {
        return "<a href=\"" + escape(address, Integer.MAX_VALUE).replace("\"", "&quot;") + "\">" + escape(title, 60) + "</a>";
    }
}
