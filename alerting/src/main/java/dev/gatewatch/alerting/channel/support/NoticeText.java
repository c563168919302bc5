package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.view.AlertView;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A notice in plain English, written for somebody who was just woken by it: what is broken first, then since when, why, and what to do.
 * Parts are clean (see {@link Cut#clean}) but neither cut nor escaped: that is the receiver's matter. Immutable.
 *
 * @param title {@code CRITICAL gateway-health@eu: http_status}
 * @param what what was seen against what was expected, one line
 * @param when since when, or how long it lasted
 * @param cause what the cause means, with its code and class
 * @param evidence one line, or empty
 * @param remedy what to do first; empty for a resolved alert
 * @param links titles and addresses, most useful first
 * @param notes further annotations of the rule, each {@code key: value}
 * @param repeat says that this may have been told before; empty where it surely was not
 */
public record NoticeText(
        String title,
        String what,
        String when,
        String cause,
        String evidence,
        String remedy,
        SequencedMap<String, String> links,
        List<String> notes,
        String repeat) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    public NoticeText {
        links = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(links));
        notes = List.copyOf(notes);
    }

    /**
     * The text of a notice.
     *
     * @param externalUrl where people reach the page, where that is known
     * @param now the time of sending, which relative times are told against
     */
    public static NoticeText of(Notice notice, Optional<URI> externalUrl, Instant now) {
        AlertView alert = notice.alert();
        boolean resolved = notice.kind() == Notice.Kind.RESOLVED;
        String what = Cut.oneLine(alert.message());
        var notes = new ArrayList<String>();
        alert.annotations().forEach((key, value) -> {
            if (!isLink(value)) {
                notes.add(Cut.oneLine(key) + ": " + Cut.oneLine(value));
            }
        });
        return new NoticeText(
                title(alert, resolved),
                what.isEmpty() ? alert.cause().meaning() : what,
                resolved ? ended(alert, now) : since(alert, now),
                alert.cause().meaning() + " (" + alert.cause().code() + ", "
                        + alert.cause().causeClass().code() + ")",
                Cut.oneLine(alert.evidence()),
                resolved ? "" : alert.cause().remedy(),
                links(alert, externalUrl),
                notes,
                notice.mayRepeat() ? "This may be a repeat: an earlier attempt to send it may have arrived." : "");
    }

    private static String title(AlertView alert, boolean resolved) {
        String severity = resolved ? "RESOLVED" : alert.severity().name();
        return Cut.oneLine(
                severity + " " + alert.series().display() + ": " + alert.cause().code());
    }

    private static String since(AlertView alert, Instant now) {
        return "Since " + at(alert.startsAt(), now) + ", "
                + Span.inWords(Duration.between(alert.startsAt(), now)) + " ago. " + seenBy(alert);
    }

    private static String ended(AlertView alert, Instant now) {
        Instant end = alert.endsAt().orElse(now);
        String how =
                switch (alert.endReason()) {
                    case "", "healed" -> "It works again.";
                    case "removed" -> "It is no longer watched: it was taken out of the configuration.";
                    default -> "Reason: " + Cut.oneLine(alert.endReason()) + ".";
                };
        return "Resolved after " + Span.inWords(Duration.between(alert.startsAt(), end)) + " (" + at(alert.startsAt(), now)
                + " to " + at(end, now) + "). " + how + " " + seenBy(alert);
    }

    private static String seenBy(AlertView alert) {
        String location = alert.series().location();
        return Cut.oneLine((location.isEmpty() ? "Rule " : "Seen from " + location + ", rule ") + alert.rule() + ".");
    }

    /** The time of day, with the day where it is not today's. */
    private static String at(Instant instant, Instant now) {
        var time = instant.atOffset(ZoneOffset.UTC);
        boolean today = time.toLocalDate().equals(now.atOffset(ZoneOffset.UTC).toLocalDate());
        return time.format(today ? TIME : DAY_AND_TIME) + " UTC";
    }

    private static SequencedMap<String, String> links(AlertView alert, Optional<URI> externalUrl) {
        var links = new LinkedHashMap<String, String>();
        alert.annotations().forEach((key, value) -> {
            if (isLink(value)) {
                links.put(linkTitle(key), Cut.oneLine(value));
            }
        });
        externalUrl.ifPresent(base -> links.put("Page", page(base, alert)));
        return links;
    }

    /** The address of the alert's probe on the daemon's page. */
    public static String page(URI externalUrl, AlertView alert) {
        String base = externalUrl.toString();
        return (base.endsWith("/") ? base : base + "/") + "probes/"
                + alert.series().probe();
    }

    private static boolean isLink(String value) {
        return value.startsWith("https://") || value.startsWith("http://");
    }

    /** {@code runbook_url} is shown as {@code Runbook}. */
    private static String linkTitle(String key) {
        String words = Cut.oneLine(key.endsWith("_url") ? key.substring(0, key.length() - 4) : key).replace('_', ' ');
        return words.isEmpty() ? "Link" : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** All of it, a line for each part, without the title. */
    public String body() {
        var lines = new ArrayList<String>();
        lines.add(what);
        lines.add(when);
        lines.add("Cause: " + cause);
        if (!evidence.isEmpty()) {
            lines.add("Evidence: " + evidence);
        }
        if (!remedy.isEmpty()) {
            lines.add("Do first: " + remedy);
        }
        lines.addAll(notes);
        links.forEach((title, address) -> lines.add(title + ": " + address));
        if (!repeat.isEmpty()) {
            lines.add(repeat);
        }
        return String.join("\n", lines);
    }
}
