package dev.gatewatch.alerting.channel.slack;

import dev.gatewatch.alerting.channel.support.ChatText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Notices as a Slack message: a header, sections in mrkdwn, and the text that is shown where blocks are not.
 *
 * <p>Slack's limits: 50 blocks, 150 characters in a header, 3,000 in a section, about 13,200 in all blocks, and a text of more than
 * 4,000 is split.
 */
final class SlackMessage {
    /** What the lines of a message may measure together. */
    static final int MOST = 11_500;

    private static final int HEADER = 150;
    private static final int SECTION = 2_900;
    private static final int FALLBACK = 3_900;

    private SlackMessage() {}

    /** The message: a JSON object as maps and lists, to add to. */
    static Map<String, Object> of(ChatText.Message message, boolean digest) {
        var blocks = new ArrayList<Object>();
        blocks.add(Map.of(
                "type",
                "header",
                "text",
                Map.of("type", "plain_text", "text", SlackMarkup.MRKDWN.escape(message.headline(), HEADER), "emoji", true)));
        var section = new StringJoiner("\n");
        for (String line : message.lines()) {
            if (section.length() > 0 && section.length() + 1 + line.length() > SECTION) {
                blocks.add(section(section.toString()));
                section = new StringJoiner("\n");
            }
            section.add(line);
        }
        blocks.add(section(section.toString()));

        var json = new LinkedHashMap<String, Object>();
        json.put("text", fallback(message, digest));
        json.put("blocks", blocks);
        return json;
    }

    /** What a notification on the lock screen shows: of one notice what is broken, of several as many lines as it may hold. */
    private static String fallback(ChatText.Message message, boolean digest) {
        String title = SlackMarkup.MRKDWN.escape(message.headline(), 600);
        List<String> lines = message.lines();
        if (!digest) {
            return title + " – " + lines.getFirst();
        }
        var text = new StringBuilder(title);
        for (String line : lines) {
            if (text.length() + 1 + line.length() > FALLBACK) {
                break;
            }
            text.append('\n').append(line);
        }
        return text.toString();
    }

    private static Map<String, Object> section(String markdown) {
        return Map.of("type", "section", "text", Map.of("type", "mrkdwn", "text", markdown));
    }
}
