package dev.gatewatch.sandbox;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns Slack's "mrkdwn" into HTML. Whatever a message holds, the result has no markup but what this class writes. */
final class SlackText {
    private static final Pattern EMOJI = Pattern.compile(":([a-z0-9_+-]{1,40}):");
    private static final Map<String, String> EMOJIS = Map.ofEntries(
            Map.entry("rotating_light", "🚨"),
            Map.entry("fire", "🔥"),
            Map.entry("red_circle", "🔴"),
            Map.entry("large_orange_circle", "🟠"),
            Map.entry("large_yellow_circle", "🟡"),
            Map.entry("large_green_circle", "🟢"),
            Map.entry("white_check_mark", "✅"),
            Map.entry("heavy_check_mark", "✔️"),
            Map.entry("warning", "⚠️"),
            Map.entry("x", "❌"),
            Map.entry("information_source", "ℹ️"),
            Map.entry("bell", "🔔"),
            Map.entry("wrench", "🔧"));
    /** The signs that tell how an alert stands, drawn by the style sheet: many machines have no font with colours. */
    private static final Map<String, String> SIGNS = Map.of(
            "🔴", sign("bad", "red"),
            "🟠", sign("warn", "orange"),
            "🟡", sign("warn", "yellow"),
            "🔵", sign("info", "blue"),
            "🟢", sign("good", "green"),
            "✅", sign("good", "well"));

    private static final Map<Character, String> STYLES = Map.of('*', "strong", '_', "em", '~', "s");

    private final String text;
    private final StringBuilder html = new StringBuilder();
    private int at;

    private SlackText(String text) {
        this.text = text;
    }

    /** For fields of type {@code mrkdwn}. */
    static String mrkdwn(String text) {
        return signed(new SlackText(text).render());
    }

    private static String sign(String tone, String word) {
        return "<span class=\"sign\" data-tone=\"" + tone + "\" role=\"img\" aria-label=\"" + word + "\"></span>";
    }

    private static String signed(String html) {
        String signed = html;
        for (Map.Entry<String, String> sign : SIGNS.entrySet()) {
            signed = signed.replace(sign.getKey(), sign.getValue());
        }
        return signed;
    }

    /** For fields of type {@code plain_text}: emoji are the only thing with a meaning. */
    static String plain(String text) {
        StringBuilder html = new StringBuilder();
        Matcher matcher = EMOJI.matcher(Html.escape(text));
        while (matcher.find()) {
            matcher.appendReplacement(
                    html, Matcher.quoteReplacement(EMOJIS.getOrDefault(matcher.group(1), matcher.group())));
        }
        return signed(matcher.appendTail(html).toString());
    }

    private String render() {
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean done =
                    switch (c) {
                        case '`' -> fenced("```", "pre") || fenced("`", "code");
                        case '<' -> reference();
                        case '*', '_', '~' -> styled(c);
                        case ':' -> emoji();
                        default -> false;
                    };
            if (!done) {
                html.append(c == '\n' ? "<br>" : Html.escape(unescaped(c)));
                at++;
            }
        }
        return html.toString();
    }

    /** Slack's senders escape &, < and >; what they escaped is one character here. Moves to the last of those read. */
    private String unescaped(char c) {
        if (c == '&') {
            for (var entity : Map.of("&amp;", "&", "&lt;", "<", "&gt;", ">").entrySet()) {
                if (text.startsWith(entity.getKey(), at)) {
                    at += entity.getKey().length() - 1;
                    return entity.getValue();
                }
            }
        }
        return String.valueOf(c);
    }

    private boolean fenced(String fence, String tag) {
        int end = text.startsWith(fence, at) ? text.indexOf(fence, at + fence.length()) : -1;
        if (end <= at + fence.length()) {
            return false;
        }
        String inner = text.substring(at + fence.length(), end);
        if (tag.equals("code") && inner.indexOf('\n') >= 0) {
            return false;
        }
        html.append('<').append(tag).append('>').append(literal(inner)).append("</").append(tag).append('>');
        at = end + fence.length();
        return true;
    }

    private static String literal(String inner) {
        return Html.escape(inner.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
    }

    /** {@code <url|label>}, {@code <!date^…|fallback>}, {@code <!here>} and their kin. */
    private boolean reference() {
        int end = text.indexOf('>', at);
        if (end < 0) {
            return false;
        }
        String inner = text.substring(at + 1, end);
        int bar = inner.indexOf('|');
        String target = bar < 0 ? inner : inner.substring(0, bar);
        String label = bar < 0 ? inner : inner.substring(bar + 1);
        if (target.startsWith("http://") || target.startsWith("https://")) {
            html.append("<a rel=\"noreferrer\" href=\"").append(literal(target)).append("\">");
            html.append(literal(label)).append("</a>");
        } else {
            html.append("<span class=\"mention\">").append(literal(label)).append("</span>");
        }
        at = end + 1;
        return true;
    }

    private boolean styled(char mark) {
        boolean opens = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
        int end = text.indexOf(mark, at + 1);
        int line = text.indexOf('\n', at);
        boolean closes = end > at + 1
                && (line < 0 || end < line)
                && (end + 1 == text.length() || !Character.isLetterOrDigit(text.charAt(end + 1)))
                && !Character.isWhitespace(text.charAt(at + 1))
                && !Character.isWhitespace(text.charAt(end - 1));
        if (!opens || !closes) {
            return false;
        }
        String tag = STYLES.getOrDefault(mark, "span");
        html.append('<').append(tag).append('>').append(new SlackText(text.substring(at + 1, end)).render()).append("</").append(tag).append('>');
        at = end + 1;
        return true;
    }

    private boolean emoji() {
        Matcher matcher = EMOJI.matcher(text).region(at, text.length());
        if (!matcher.lookingAt() || !EMOJIS.containsKey(matcher.group(1))) {
            return false;
        }
        html.append(EMOJIS.getOrDefault(matcher.group(1), ""));
        at = matcher.end();
        return true;
    }
}
