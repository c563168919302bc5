package dev.gatewatch.alerting.channel.mattermost;

import dev.gatewatch.alerting.channel.support.BackslashMarkdown;
import dev.gatewatch.alerting.channel.support.Markup;
import dev.gatewatch.alerting.channel.support.Measure;
import java.util.regex.Pattern;

/** Mattermost's Markdown, in which words may call everybody. */
enum MattermostMarkup implements Markup {
    MARKDOWN;

    private static final BackslashMarkdown PLAIN = new BackslashMarkdown(Measure.CHARS, "\\*_~`|<>[]#", "\n");

    /** A space of no width takes the meaning away. */
    private static final Pattern CALLS = Pattern.compile("@(?=(?:all|channel|here)\\b)", Pattern.CASE_INSENSITIVE);

    @Override
    public Measure measure() {
        return PLAIN.measure();
    }

    @Override
    public String escape(int point) {
        return PLAIN.escape(point);
    }

    @Override
    public String escape(String text, int most) {
        return PLAIN.escape(CALLS.matcher(text).replaceAll("@\u200B"), most);
    }

    @Override
    public String bold(String escaped) {
        return PLAIN.bold(escaped);
    }

    @Override
    public String code(String text, int most) {
        return PLAIN.code(CALLS.matcher(text).replaceAll("@\u200B"), most);
    }

    @Override
    public String link(String title, String address) {
        return PLAIN.link(title, address);
    }
}
