package dev.gatewatch.alerting.channel.feishu;

import dev.gatewatch.alerting.channel.support.Links;
import dev.gatewatch.alerting.channel.support.Markup;
import dev.gatewatch.alerting.channel.support.Measure;

/** The markdown of Feishu's cards, in which characters lose their meaning as HTML entities. */
enum FeishuMarkup implements Markup {
    LARK_MD;

    @Override
    public Measure measure() {
        return Measure.JSON_BYTES;
    }

    @Override
    public String escape(int point) {
        return switch (point) {
            case '<', '>', '*', '~', '[', ']', '`', '#' -> "&#" + point + ";";
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
