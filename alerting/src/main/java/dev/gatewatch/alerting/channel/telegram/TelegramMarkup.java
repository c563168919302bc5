package dev.gatewatch.alerting.channel.telegram;

import dev.gatewatch.alerting.channel.support.EntityMarkup;

/** The part of HTML that Telegram takes. It counts what is left without the tags, so counting them too is on the safe side. */
enum TelegramMarkup implements EntityMarkup {
    HTML;

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
