package dev.gatewatch.alerting.channel.email;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.alerting.channel.support.Tone;
import jakarta.mail.internet.InternetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the mails of one channel. Immutable. */
record Letters(InternetAddress from, List<InternetAddress> to, Setup setup) {
    private static final int SUBJECT = 200;

    Letters {
        to = List.copyOf(to);
    }

    /**
     * One mail, ready to send.
     *
     * @param id the same at each attempt for the same notices, so that servers and readers know a repeat
     * @param thread what all mails of a group refer to
     */
    record Letter(
            InternetAddress from,
            List<InternetAddress> to,
            String subject,
            String text,
            String html,
            String id,
            String thread,
            boolean urgent,
            Instant date) {}

    Letter of(List<Notice> notices, Instant now) {
        LetterText text = LetterText.of(notices, setup, now);
        Notice last = notices.getLast();
        String ids = notices.stream().map(notice -> notice.alert().id() + "-" + notice.id()).collect(Collectors.joining("\n"));
        return new Letter(
                from,
                to,
                Cut.chars(text.subject(), SUBJECT),
                PlainLetter.of(text),
                HtmlLetter.of(text, setup.wording().language().locale().toLanguageTag()),
                id("notice", ids),
                id("group", last.group().key()),
                text.tone() == Tone.CRITICAL,
                now);
    }

    /** Of letters and digits only, whatever an alert's id holds; told apart by daemon and channel. */
    private String id(String kind, String of) {
        String address = from.getAddress();
        return "<" + kind + "." + digest(setup.location() + "\n" + setup.name() + "\n" + of) + ".gatewatch"
                + address.substring(address.lastIndexOf('@')) + ">";
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
