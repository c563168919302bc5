package dev.gatewatch.web.page;

import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.State;
import dev.gatewatch.view.Handling;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.NoticeLog.Told;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * An alert as the page shows it. Immutable.
 *
 * @param meaning the cause as a sentence
 * @param lasted how long the trouble lasts, or lasted
 * @param status the state as people are shown it
 * @param notes what people and other alerts make of it, a sentence each
 * @param probe its name, or what the alert is about where that is no probe
 * @param path its probe's page; empty where there is none
 * @param open whether it can be handled
 * @param alert the alert's own id
 * @param handle the address that it is handled at
 * @param told how far channels were told of it
 * @param notices where the log of its notices is
 * @param runbook an http(s) address, or empty
 */
public record AlertCard(
        String id,
        String severity,
        String state,
        String probe,
        String region,
        String path,
        String target,
        String rule,
        String cause,
        String causeClass,
        String meaning,
        String message,
        String evidence,
        String remedy,
        String lasted,
        String startsAt,
        String endsAt,
        String endReason,
        String runbook,
        SequencedMap<String, String> labels,
        String status,
        List<String> notes,
        boolean open,
        boolean acknowledged,
        String handle,
        String alert,
        List<ToldRow> told,
        String notices) {
    static AlertCard of(AlertView a, Instant now) {
        return of(a, a.isOfProbe(), List.of(), now);
    }

    /** @param hasPage whether its probe is configured, and so has a page */
    static AlertCard of(AlertView a, boolean hasPage, List<Told> told, Instant now) {
        String id = URLEncoder.encode(a.id(), StandardCharsets.UTF_8).replace("+", "%20");
        return new AlertCard(
                "a-" + a.id(),
                a.severity().code(),
                a.state().code(),
                a.type().equals(AlertView.CHANNEL) ? "channel " + a.target() : a.series().probe(),
                a.series().region(),
                hasPage ? Words.probePath(a.series().probe()) : "",
                a.type().equals(AlertView.CHANNEL) ? "" : a.target(),
                a.rule(),
                a.cause().code(),
                Words.plain(a.cause().causeClass().code()),
                a.cause().meaning(),
                a.message(),
                a.evidence(),
                a.cause().remedy(),
                Words.span(Duration.between(a.startsAt(), a.endsAt().orElse(now))),
                a.startsAt().toString(),
                a.endsAt().map(Instant::toString).orElse(""),
                a.state() == State.RESOLVED ? a.endReason() : "",
                web(a.annotations().getOrDefault("runbook_url", "")),
                a.labels(),
                a.status(),
                notes(a, now),
                a.state() != State.RESOLVED && !a.type().equals(AlertView.CHANNEL),
                a.handling().acknowledged().isPresent(),
                "/alerts/" + id,
                a.id(),
                told.stream().map(ToldRow::of).toList(),
                "/notices?alert=" + id);
    }

    /** What people and other alerts make of it, a sentence each. */
    private static List<String> notes(AlertView a, Instant now) {
        var notes = new ArrayList<String>();
        Handling handling = a.handling();
        if (a.state() != State.RESOLVED) {
            handling.acknowledged().ifPresent(by -> notes.add("Acknowledged by " + by.by() + " "
                    + Words.span(Duration.between(by.at(), now)) + " ago" + (by.comment().isEmpty() ? "." : ": " + by.comment())));
            handling.heldBack().ifPresent(held -> notes.add(heldBack(held)));
            int dependents = handling.dependents().size();
            if (dependents > 0) {
                notes.add((dependents == 1 ? "One probe depends" : dependents + " probes depend")
                        + " on it; nobody is told of them while this lasts: "
                        + String.join(", ", handling.dependents().stream().limit(SHOWN).toList())
                        + (dependents > SHOWN ? " and " + (dependents - SHOWN) + " more" : ""));
            }
        }
        if (handling.flapping()) {
            notes.add("It comes and goes: its end is told once it has been quiet for 15 minutes.");
        }
        return List.copyOf(notes);
    }

    private static String heldBack(HeldBack held) {
        return switch (held.reason()) {
            case DEPENDENCY -> "Nobody is told: it depends on " + held.by() + ", which fails.";
            case SILENCE -> "Nobody is told: silence " + held.by() + ".";
            case MAINTENANCE -> "Nobody is told: maintenance window " + held.by() + ".";
            case QUIET_HOURS -> "Nobody is told before the quiet hours end.";
            case OWN_NETWORK -> "Nobody is told: our own network is down.";
        };
    }

    private static final int SHOWN = 8;

    /** Only addresses that a click can do no harm with: never {@code javascript:}. */
    private static String web(String url) {
        String u = url.toLowerCase(Locale.ROOT);
        return u.startsWith("https://") || u.startsWith("http://") ? url : "";
    }

    boolean matches(String text) {
        String t = text.toLowerCase(Locale.ROOT);
        return (probe + "@" + region + " " + rule + " " + cause + " " + severity + " " + message + " " + labels)
                .toLowerCase(Locale.ROOT)
                .contains(t);
    }
}
