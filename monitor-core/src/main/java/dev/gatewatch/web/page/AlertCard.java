package dev.gatewatch.web.page;

import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * An alert as the page shows it. Immutable.
 *
 * @param meaning the cause as a sentence
 * @param lasted how long the trouble lasts, or lasted
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
        SequencedMap<String, String> labels) {
    static AlertCard of(AlertView a, Instant now) {
        return new AlertCard(
                "a-" + a.id(),
                a.severity().code(),
                a.state().code(),
                a.series().probe(),
                a.series().region(),
                Words.probePath(a.series().probe()),
                a.target(),
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
                a.labels());
    }

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
