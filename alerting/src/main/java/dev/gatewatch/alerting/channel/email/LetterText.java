package dev.gatewatch.alerting.channel.email;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.alerting.channel.support.DigestText;
import dev.gatewatch.alerting.channel.support.NoticeText;
import dev.gatewatch.alerting.channel.support.NoticeText.What;
import dev.gatewatch.alerting.channel.support.Tone;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What a mail says, whichever way it is shown. Immutable.
 *
 * @param title what is broken
 * @param lead what was seen and since when, of a single notice
 * @param rows the rest of a single notice, or a row an alert
 * @param links titles and addresses
 */
record LetterText(Tone tone, String subject, String title, List<String> lead, List<Row> rows, SequencedMap<String, String> links) {
    private static final int MOST_PART = 4_000;
    private static final int MOST_LINE = 500;
    private static final int TITLE = 400;

    LetterText {
        lead = List.copyOf(lead);
        rows = List.copyOf(rows);
        links = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(links));
    }

    /**
     * One row.
     *
     * @param label set off; may be empty
     * @param code whether the text is something that a machine said
     */
    record Row(Tone tone, String label, String text, boolean code) {}

    static LetterText of(List<Notice> notices, Setup setup, Instant now) {
        return notices.size() == 1 ? of(NoticeText.of(notices.getFirst(), setup, now)) : of(DigestText.of(notices, setup, now));
    }

    private static LetterText of(NoticeText text) {
        String what = Cut.chars(Cut.oneLine(text.what()), MOST_PART);
        var rows = new ArrayList<Row>();
        for (NoticeText.Part part : text.parts()) {
            rows.add(new Row(text.tone(), Cut.chars(part.label(), TITLE), Cut.chars(part.text(), MOST_PART), part.what() == What.EVIDENCE));
        }
        return new LetterText(
                text.tone(), text.title() + " – " + what, Cut.chars(text.title(), TITLE), List.of(what, text.when()), rows, text.links());
    }

    private static LetterText of(DigestText text) {
        List<Row> rows = text.lines().stream()
                .map(line -> new Row(line.tone(), Cut.chars(line.title(), TITLE), Cut.chars(line.rest(), MOST_LINE), false))
                .toList();
        return new LetterText(text.tone(), text.title(), Cut.chars(text.title(), TITLE), List.of(), rows, new LinkedHashMap<>());
    }
}
