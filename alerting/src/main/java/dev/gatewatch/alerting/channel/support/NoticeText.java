package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.config.Durations;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Handling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A notice in its channel's language, written for somebody who was just woken by it: what is broken first, then since when, why, and
 * what to do. Texts are clean (see {@link Cut#clean}) but neither cut nor escaped: that is the receiver's matter. Immutable.
 *
 * @param title {@code CRITICAL gateway-health@eu: http_status}
 * @param what what was seen against what was expected, one line
 * @param when since when, or how long it lasted
 * @param parts the rest, in the order to read it
 * @param links titles and addresses, most useful first
 */
public record NoticeText(
        Tone tone, String title, String what, String when, List<Part> parts, SequencedMap<String, String> links) {
    public NoticeText {
        parts = List.copyOf(parts);
        links = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(links));
    }

    /**
     * One line of the text.
     *
     * @param label what it is ({@code Cause}), to be set off; empty for a sentence that says so itself
     * @param colon what stands between label and text in this language
     */
    public record Part(What what, String label, String colon, String text) {
        /** The label and the text. */
        public String inOne() {
            return label.isEmpty() ? text : label + colon + text;
        }
    }

    /** What a part is about. */
    public enum What {
        /** Why it is told now. */
        WHY_NOW,
        /** The address that is probed. */
        TARGET,
        CAUSE,
        EVIDENCE,
        /** What to do first; only while it fires. */
        REMEDY,
        /** The probes whose alerts wait for this one. */
        DEPENDENTS,
        /** Flapping, acknowledged, same incident, how the group stands. */
        STATE,
        /** An annotation of the rule. */
        NOTE,
        /** That it may have been told before. */
        REPEAT
    }

    /**
     * The text of a notice.
     *
     * @param now the time of sending, which relative times are told against
     */
    public static NoticeText of(Notice notice, Setup setup, Instant now) {
        Phrases phrases = Phrases.of(setup.wording().language());
        AlertView alert = notice.alert();
        String what = Cut.oneLine(alert.message());
        return new NoticeText(
                Tone.of(notice),
                title(notice, phrases),
                what.isEmpty() ? phrases.meaning(alert.cause()) : what,
                when(notice, phrases, new Times(setup.wording().zone(), now)),
                parts(notice, phrases, new Times(setup.wording().zone(), now)),
                Links.of(alert, notice.kind().firing(), setup.externalUrl(), phrases));
    }

    private static String title(Notice notice, Phrases phrases) {
        String key =
                switch (notice.kind()) {
                    case FIRING -> "title.firing";
                    case REMINDER -> "title.still";
                    case RESOLVED -> "title.resolved";
                };
        AlertView alert = notice.alert();
        return Cut.oneLine(phrases.say(
                key,
                phrases.say("severity." + alert.severity().code()),
                alert.series().display(),
                phrases.title(alert.cause())));
    }

    private static String when(Notice notice, Phrases phrases, Times times) {
        AlertView alert = notice.alert();
        String location = alert.series().location();
        String seen = location.isEmpty()
                ? phrases.say("seen.rule", alert.rule())
                : phrases.say("seen.from", location, alert.rule());
        String gap = phrases.say("list.separator").endsWith(" ") ? " " : "";
        if (notice.kind().firing()) {
            String span = Span.inWords(Duration.between(alert.startsAt(), times.now()), phrases);
            return Cut.oneLine(phrases.say("when.since", times.at(alert.startsAt()), span) + gap + seen);
        }
        Instant end = alert.endsAt().orElse(times.now());
        String span = Span.inWords(Duration.between(alert.startsAt(), end), phrases);
        String how =
                switch (alert.endReason()) {
                    case "", "healed" -> phrases.say("end.healed");
                    case "removed" -> phrases.say("end.removed");
                    case "no longer reported" -> phrases.say("end.unreported");
                    default -> phrases.say("end.other", alert.endReason());
                };
        return Cut.oneLine(
                phrases.say("when.ended", span, times.at(alert.startsAt()), times.at(end)) + gap + how + gap + seen);
    }

    private static List<Part> parts(Notice notice, Phrases phrases, Times times) {
        AlertView alert = notice.alert();
        boolean firing = notice.kind().firing();
        var parts = new Parts(phrases.say("colon"), new ArrayList<>());
        parts.add(What.WHY_NOW, "", why(notice, phrases));
        parts.add(What.TARGET, phrases.say("label.target"), alert.target());
        parts.add(
                What.CAUSE,
                phrases.say("label.cause"),
                phrases.say(
                        "cause",
                        phrases.meaning(alert.cause()),
                        alert.cause().code(),
                        phrases.of(alert.cause().causeClass())));
        parts.add(What.EVIDENCE, phrases.say("label.evidence"), alert.evidence());
        if (firing) {
            parts.add(What.REMEDY, phrases.say("label.remedy"), phrases.remedy(alert.cause()));
        }
        List<String> dependents = alert.handling().dependents();
        if (!dependents.isEmpty()) {
            String held = firing ? "held" : "freed";
            parts.add(What.DEPENDENTS, "", phrases.count(held, dependents.size(), phrases.names(dependents)));
        }
        states(notice, phrases, times).forEach(state -> parts.add(What.STATE, "", state));
        alert.annotations().forEach((key, value) -> {
            if (!Links.isLink(value)) {
                parts.add(What.NOTE, Cut.oneLine(key), value);
            }
        });
        parts.add(What.REPEAT, "", notice.mayRepeat() ? phrases.say("repeat") : "");
        return parts.all();
    }

    /** Parts as they are gathered; empty ones are none. */
    private record Parts(String colon, List<Part> all) {
        void add(What what, String label, String text) {
            String line = Cut.oneLine(text);
            if (!line.isEmpty()) {
                all.add(new Part(what, label, colon, line));
            }
        }
    }

    /** {@code unacknowledged:15m} in words; what is not known stands as it is. */
    private static String why(Notice notice, Phrases phrases) {
        String why = notice.why();
        int colon = why.indexOf(':');
        String code = colon < 0 ? why : why.substring(0, colon);
        if (code.isEmpty()) {
            return "";
        }
        String argument = why.substring(colon + 1);
        String said = Durations.parse(argument).map(span -> Span.inWords(span, phrases)).orElse(argument);
        return phrases.find("why." + code, said).orElse(why);
    }

    private static List<String> states(Notice notice, Phrases phrases, Times times) {
        Handling handling = notice.alert().handling();
        var states = new ArrayList<String>();
        if (notice.kind().firing()) {
            if (handling.flapping()) {
                states.add(phrases.say("flapping"));
            }
            if (!handling.incident().isEmpty() && !handling.incident().equals(notice.alert().id())) {
                states.add(phrases.say("incident"));
            }
        }
        handling.acknowledged()
                .map(a -> a.comment().isBlank()
                        ? phrases.say("acknowledged", a.by(), times.at(a.at()))
                        : phrases.say("acknowledged.comment", a.by(), times.at(a.at()), a.comment()))
                .ifPresent(states::add);
        Notice.Group group = notice.group();
        if (!group.title().isBlank()) {
            if (notice.kind() == Kind.RESOLVED && group.firing() > 0) {
                states.add(phrases.count("group.left", group.firing(), group.title()));
            } else if (notice.kind().firing() && group.firing() > 1) {
                states.add(phrases.say("group.firing", group.firing(), group.title()));
            }
        }
        return states;
    }

    /** The first part about this, if there is one. */
    public Optional<Part> part(What about) {
        return parts.stream().filter(part -> part.what() == about).findFirst();
    }

    /** All of it, a line for each part, without the title. */
    public String body() {
        var lines = new ArrayList<String>();
        lines.add(what);
        lines.add(when);
        parts.forEach(part -> lines.add(part.inOne()));
        links.forEach((name, address) -> lines.add(name + ": " + address));
        return String.join("\n", lines);
    }
}
