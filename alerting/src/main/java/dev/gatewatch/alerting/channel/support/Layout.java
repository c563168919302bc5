package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.alerting.channel.support.NoticeText.Part;
import dev.gatewatch.alerting.channel.support.NoticeText.What;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.StringJoiner;

/** Texts put into a receiver's markup and limits: what matters most keeps its room, and every alert stays named. */
public final class Layout {
    /** Up to so many notices are told of in a line each. */
    private static final int A_LINE_EACH = 20;

    /** A line with less room than this tells nothing. */
    private static final int SHORTEST_LINE = 150;

    private static final int LONGEST_LINE = 600;

    /** Names are broken into lines of about this length, so that messages may be taken apart at line ends. */
    private static final int NAMES_LINE = 900;

    private Layout() {}

    /**
     * The notice's lines but its title.
     *
     * @param most what all of them may measure, line ends included
     * @param links whether to end with a line of links; otherwise the receiver has buttons
     */
    public static List<String> inFull(NoticeText text, Markup markup, int most, boolean links) {
        Measure measure = markup.measure();
        int end = measure.of(markup.newline());
        String what = markup.bold(markup.escape(text.what(), most / 4));
        String when = markup.escape(text.when(), most / 8);
        String linked = links ? links(text.links(), markup, most / 5) : "";
        int left = most - measure.of(what) - measure.of(when) - measure.of(linked) - 3 * end;

        // cause and remedy before what is nice to have; shown in the order of the text
        Map<Part, String> shown = new LinkedHashMap<>();
        for (boolean important : new boolean[] {true, false}) {
            for (Part part : text.parts()) {
                if (important == (part.what() == What.CAUSE || part.what() == What.REMEDY || part.what() == What.REPEAT)) {
                    String line = line(part, markup, Math.min(left - end, most / 7));
                    if (!line.isEmpty()) {
                        shown.put(part, line);
                        left -= measure.of(line) + end;
                    }
                }
            }
        }
        var lines = new ArrayList<String>();
        lines.add(what);
        lines.add(when);
        text.parts().stream().filter(shown::containsKey).map(shown::get).forEach(lines::add);
        if (!linked.isEmpty()) {
            lines.add(linked);
        }
        return lines;
    }

    private static String line(Part part, Markup markup, int most) {
        String label = part.label().isEmpty()
                ? ""
                : markup.bold(markup.escape(part.label(), Math.max(0, most / 3))) + part.colon();
        int left = most - markup.measure().of(label);
        if (left < 20) {
            return "";
        }
        return label + (part.what() == What.EVIDENCE ? markup.code(part.text(), left) : markup.escape(part.text(), left));
    }

    /** The links in one line. A link that was cut would lead nowhere: what does not fit is left out. */
    private static String links(SequencedMap<String, String> titled, Markup markup, int most) {
        var links = new StringJoiner(" · ");
        titled.forEach((title, address) -> {
            String link = markup.link(Cut.chars(title, 60), address);
            if (!link.isEmpty() && markup.measure().of(links + " · " + link) <= most) {
                links.add(link);
            }
        });
        return links.toString();
    }

    /**
     * The lines of a digest, with every alert named; nothing if that does not fit.
     *
     * @param most what all of them may measure, line ends included
     * @param links whether to end with a line of links; otherwise the receiver has buttons
     */
    public static Optional<List<String>> digest(DigestText text, Markup markup, int most, boolean links) {
        String linked = links ? links(text.links(), markup, most / 8) : "";
        if (linked.isEmpty()) {
            return named(text, markup, most);
        }
        int left = most - markup.measure().of(linked) - markup.measure().of(markup.newline());
        return named(text, markup, left).map(lines -> {
            var all = new ArrayList<>(lines);
            all.add(linked);
            return all;
        });
    }

    private static Optional<List<String>> named(DigestText text, Markup markup, int most) {
        int room = Math.min(LONGEST_LINE, most / text.lines().size()) - markup.measure().of(markup.newline());
        if (text.lines().size() <= A_LINE_EACH && room >= SHORTEST_LINE) {
            Optional<List<String>> each = aLineEach(text, markup, room);
            if (each.isPresent()) {
                return each;
            }
        }
        return inShort(text, markup, most);
    }

    private static Optional<List<String>> aLineEach(DigestText text, Markup markup, int room) {
        var lines = new ArrayList<String>();
        for (DigestText.Line line : text.lines()) {
            String named = line.tone().sign() + " " + markup.bold(markup.escape(line.title(), Integer.MAX_VALUE)) + " – ";
            int left = room - markup.measure().of(named);
            if (left < 20) {
                return Optional.empty();
            }
            lines.add(named + markup.escape(line.rest(), left));
        }
        return Optional.of(lines);
    }

    private static Optional<List<String>> inShort(DigestText text, Markup markup, int most) {
        Measure measure = markup.measure();
        int end = measure.of(markup.newline());
        var lines = new ArrayList<String>();
        int left = most;
        for (DigestText.Section section : text.sections()) {
            for (String line : lines(section, text, markup)) {
                left -= measure.of(line) + end;
                if (left < 0) {
                    return Optional.empty();
                }
                lines.add(line);
            }
        }
        return Optional.of(lines);
    }

    private static List<String> lines(DigestText.Section section, DigestText text, Markup markup) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder(section.tone().sign() + " " + markup.bold(markup.escape(section.heading(), 600)) + text.colon());
        boolean first = true;
        for (String name : section.names()) {
            String escaped = markup.escape(name, Integer.MAX_VALUE);
            if (line.length() + escaped.length() > NAMES_LINE && !first) {
                lines.add(line.toString());
                line.setLength(0);
                first = true;
            }
            line.append(first ? "" : text.separator()).append(escaped);
            first = false;
        }
        lines.add(line.toString());
        return lines;
    }
}
