package dev.gatewatch.alerting.channel.slack;

import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.alerting.channel.support.NoticeText;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Slack's form of notices: one in full, or several as a digest that names each. Within Slack's limits: 50 blocks, 150 characters for a
 * header, 3,000 for a section, and about 13,200 for all blocks together (undocumented; beyond it comes {@code msg_blocks_too_long}).
 */
final class SlackMessage {
    /** How many a digest can name and still say a few words about each. */
    static final int MOST_NOTICES = 40;

    private static final int HEADER = 150;
    private static final int FALLBACK = 3_900;
    private static final int DIGEST = 11_000;
    private static final int DIGEST_LINE = 600;
    private static final int LINKS = 2_500;

    private SlackMessage() {}

    /** The message: a JSON object as maps and lists. */
    static Map<String, Object> of(List<Notice> notices, Optional<URI> externalUrl, Instant now) {
        record Said(Notice notice, NoticeText text) {}
        List<Said> said = notices.stream()
                .map(notice -> new Said(notice, NoticeText.of(notice, externalUrl, now)))
                .toList();
        var fallback = new StringJoiner("\n");
        int share = FALLBACK / said.size() - 1;
        said.forEach(s -> fallback.add(
                SlackText.escape(sign(s.notice()) + " " + s.text().title() + " – " + s.text().what(), share)));
        if (said.size() == 1) {
            Said only = said.getFirst();
            return Map.of("text", fallback.toString(), "blocks", inFull(only.notice(), only.text()));
        }
        var blocks = new ArrayList<Object>();
        blocks.add(header(digestTitle(notices)));
        int room = Math.min(DIGEST_LINE, DIGEST / said.size());
        said.forEach(s -> blocks.add(section(line(s.notice(), s.text(), room))));
        return Map.of("text", fallback.toString(), "blocks", blocks);
    }

    private static List<Object> inFull(Notice notice, NoticeText text) {
        var blocks = new ArrayList<Object>();
        blocks.add(header(sign(notice) + " " + text.title()));
        blocks.add(section("*" + SlackText.escape(text.what(), 1_800) + "*\n" + SlackText.escape(text.when(), 900)));

        var why = new StringJoiner("\n");
        why.add("*Cause:* " + SlackText.escape(text.cause(), 500));
        if (!text.evidence().isEmpty()) {
            why.add("*Evidence:* " + SlackText.code(text.evidence(), 900));
        }
        if (!text.remedy().isEmpty()) {
            why.add("*Do first:* " + SlackText.escape(text.remedy(), 500));
        }
        if (!text.notes().isEmpty()) {
            why.add(SlackText.escape(String.join("\n", text.notes()), 900));
        }
        blocks.add(section(why.toString()));

        String links = links(text);
        if (!links.isEmpty()) {
            blocks.add(section(links));
        }
        if (!text.repeat().isEmpty()) {
            blocks.add(section("_" + SlackText.escape(text.repeat(), 300) + "_"));
        }
        return blocks;
    }

    private static String links(NoticeText text) {
        var links = new StringJoiner(" · ");
        text.links().forEach((title, address) -> {
            // a link that was cut would lead nowhere
            String escaped = SlackText.escape(address, Integer.MAX_VALUE).replace("|", "%7C");
            String link = "<" + escaped + "|" + SlackText.escape(title, 60) + ">";
            if (links.length() + link.length() + 3 <= LINKS) {
                links.add(link);
            }
        });
        return links.toString();
    }

    private static String digestTitle(List<Notice> notices) {
        long firing = notices.stream().filter(n -> n.kind() == Kind.FIRING).count();
        long resolved = notices.size() - firing;
        var parts = new StringJoiner(", ");
        if (firing > 0) {
            parts.add(firing + " firing");
        }
        if (resolved > 0) {
            parts.add(resolved + " resolved");
        }
        return notices.size() + " notices: " + parts;
    }

    private static String line(Notice notice, NoticeText text, int most) {
        String named = sign(notice) + " *" + SlackText.escape(text.title(), most - 8) + "*";
        String rest = (text.repeat().isEmpty() ? "" : "(may be a repeat) ") + text.what() + " · " + text.when();
        int left = most - named.length() - 1;
        return left < 20 ? named : named + " " + SlackText.escape(rest, left);
    }

    private static String sign(Notice notice) {
        if (notice.kind() == Kind.RESOLVED) {
            return "✅";
        }
        return switch (notice.alert().severity()) {
            case CRITICAL -> "🔴";
            case WARNING -> "🟠";
            case INFO -> "🔵";
        };
    }

    private static Map<String, Object> header(String text) {
        return Map.of(
                "type", "header", "text", Map.of("type", "plain_text", "text", SlackText.escape(text, HEADER), "emoji", true));
    }

    private static Map<String, Object> section(String markdown) {
        return Map.of("type", "section", "text", Map.of("type", "mrkdwn", "text", markdown));
    }
}
