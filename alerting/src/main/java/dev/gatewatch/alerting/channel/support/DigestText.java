package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.StringJoiner;

/**
 * Several notices in one message, in its channel's language: how many there are, and every alert named. Texts are clean but neither cut
 * nor escaped. Immutable.
 *
 * @param tone of the loudest alert that fires, or of resolved ones
 * @param title how many of what, and what they have in common
 * @param lines a line each, in the order of the notices
 * @param sections the same in short: the names of alerts that fire for the same cause by the same rule, the loudest first
 * @param links titles and addresses
 * @param separator what stands between two names
 * @param colon what stands between a heading and its names
 */
public record DigestText(
        Tone tone,
        String title,
        List<Line> lines,
        List<Section> sections,
        SequencedMap<String, String> links,
        String separator,
        String colon) {
    /** What anybody's names are cut to; those of our own are shorter. */
    private static final int LONGEST_NAME = 230;

    public DigestText {
        lines = List.copyOf(lines);
        sections = List.copyOf(sections);
        links = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(links));
    }

    /**
     * One notice.
     *
     * @param title names the alert
     * @param rest what was seen, and since when
     */
    public record Line(Tone tone, String title, String rest) {}

    /** Alerts of one kind: {@code CRITICAL gateway-down: http_status (37)} and their names. */
    public record Section(Tone tone, String heading, List<String> names) {
        public Section {
            names = List.copyOf(names);
        }
    }

    private record Alike(Kind kind, Severity severity, String rule, Cause cause, Tone tone) {}

    /** The text of these notices, oldest first. */
    public static DigestText of(List<Notice> notices, Setup setup, Instant now) {
        Phrases phrases = Phrases.of(setup.wording().language());
        String gap = phrases.say("aside.separator");
        var lines = new ArrayList<Line>();
        var links = new ArrayList<SequencedMap<String, String>>();
        var alike = new LinkedHashMap<Alike, List<String>>();
        for (Notice notice : notices) {
            NoticeText text = NoticeText.of(notice, setup, now);
            String aside = aside(notice, phrases);
            lines.add(new Line(text.tone(), text.title() + (aside.isEmpty() ? "" : gap + aside), text.what() + " · " + text.when()));
            links.add(text.links());
            var kind = new Alike(
                    notice.kind(), notice.alert().severity(), notice.alert().rule(), notice.alert().cause(), text.tone());
            String name = Cut.chars(Cut.oneLine(notice.alert().series().display()), LONGEST_NAME);
            alike.computeIfAbsent(kind, _ -> new ArrayList<>()).add(aside.isEmpty() ? name : name + gap + aside);
        }
        List<Section> sections = alike.entrySet().stream()
                .sorted(Comparator.comparing(e -> e.getKey().tone()))
                .map(e -> new Section(e.getKey().tone(), heading(e.getKey(), e.getValue().size(), phrases), e.getValue()))
                .toList();
        return new DigestText(
                sections.getFirst().tone(), title(notices, phrases), lines, sections, Links.common(links, setup.externalUrl(), phrases), phrases.say("list.separator"), phrases.say("colon"));
    }

    /** What must be said of an alert even where there is room for little more than its name. */
    private static String aside(Notice notice, Phrases phrases) {
        int dependents = notice.kind().firing() ? notice.alert().handling().dependents().size() : 0;
        String held = dependents > 0 ? phrases.say("held.short", dependents) : "";
        String repeat = notice.mayRepeat() ? phrases.say("repeat.short") : "";
        return held.isEmpty() || repeat.isEmpty() ? held + repeat : held + phrases.say("aside.separator") + repeat;
    }

    private static String heading(Alike alike, int count, Phrases phrases) {
        return Cut.oneLine(phrases.say(
                "digest.heading." + word(alike.kind()),
                phrases.say("severity." + alike.severity().code()),
                alike.rule(),
                phrases.title(alike.cause()),
                count));
    }

    private static String title(List<Notice> notices, Phrases phrases) {
        var counts = new StringJoiner(phrases.say("list.separator"));
        for (Kind kind : Kind.values()) {
            long count = notices.stream().filter(n -> n.kind() == kind).count();
            if (count > 0) {
                counts.add(phrases.say("digest." + word(kind), count));
            }
        }
        String group = notices.getFirst().group().title();
        boolean one = notices.stream().allMatch(n -> n.group().key().equals(notices.getFirst().group().key()));
        return Cut.oneLine(
                one && !group.isBlank()
                        ? phrases.say("digest.group", group, counts)
                        : phrases.say("digest.title", notices.size(), counts));
    }

    private static String word(Kind kind) {
        return switch (kind) {
            case FIRING -> "firing";
            case REMINDER -> "still";
            case RESOLVED -> "resolved";
        };
    }
}
