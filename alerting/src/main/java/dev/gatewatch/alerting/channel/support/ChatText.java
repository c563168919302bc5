package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Notice;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Notices as one message of a chat: one in full, several as a digest. Immutable.
 *
 * @param most what the lines of a message may measure together
 * @param buttons whether the receiver shows links as buttons, so that no line of links is wanted
 */
public record ChatText(Setup setup, Markup markup, int most, boolean buttons) {
    /**
     * What to post.
     *
     * @param title neither cut nor escaped
     * @param lines in the receiver's markup and within its limits
     * @param links titles and addresses, for buttons
     */
    public record Message(Tone tone, String title, List<String> lines, Map<String, String> links) {
        public Message {
            lines = List.copyOf(lines);
        }

        /** The title behind the tone's emoji. */
        public String headline() {
            return tone.sign() + " " + title;
        }
    }

    /** A single notice is not made longer than this, whatever the receiver takes: nobody reads more of it at night. */
    private static final int FULL = 6_000;

    /** The message; nothing if it cannot name all these alerts. */
    public Optional<Message> of(List<Notice> notices, Instant now) {
        if (notices.size() == 1) {
            NoticeText text = NoticeText.of(notices.getFirst(), setup, now);
            return Optional.of(new Message(
                    text.tone(),
                    text.title(),
                    Layout.inFull(text, markup, Math.min(FULL, most), !buttons),
                    text.links()));
        }
        DigestText text = DigestText.of(notices, setup, now);
        return Layout.digest(text, markup, most, !buttons)
                .map(lines -> new Message(text.tone(), text.title(), lines, text.links()));
    }

    /** How many of these, from the first on, one message can name. */
    public int fitting(List<Notice> notices, Instant now) {
        int fits = 1;
        int tooMany = notices.size() + 1;
        // all of them is the usual answer
        for (int tried = notices.size(); tooMany - fits > 1; tried = (fits + tooMany) / 2) {
            if (of(notices.subList(0, tried), now).isPresent()) {
                fits = tried;
            } else {
                tooMany = tried;
            }
        }
        return fits;
    }
}
