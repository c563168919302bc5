package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Alerts to try channels and delivery with. */
public final class AlertSamples {
    /** When the trouble of every sample begins. */
    public static final Instant START = Instant.parse("2026-03-02T03:12:05Z");

    private AlertSamples() {}

    /** A critical alert about one region of a gateway. */
    public static AlertView firing(String id) {
        return firing(id, "gateway-health", "expected status 200, got 503");
    }

    public static AlertView firing(String id, String probe, String message) {
        var labels = new LinkedHashMap<String, String>();
        labels.put("service", "payments");
        labels.put("team", "core");
        var annotations = new LinkedHashMap<String, String>();
        annotations.put("runbook_url", "https://wiki.example.com/gateway?a=1&b=2");
        return new AlertView(
                id,
                "f-" + probe,
                "gateway-down",
                new Series(probe, "eu", "dc1"),
                "http",
                "https://eu.gateway.example.com/health",
                Severity.CRITICAL,
                State.FIRING,
                Cause.HTTP_STATUS,
                message,
                "body: {\"error\":\"upstream\"}",
                START,
                Optional.of(START.plusSeconds(30)),
                Optional.empty(),
                "",
                labels,
                annotations);
    }

    /** The same, ended after 4 minutes and 10 seconds. */
    public static AlertView resolved(AlertView alert) {
        return resolved(alert, "healed");
    }

    public static AlertView resolved(AlertView a, String reason) {
        return a.ended(a.startsAt().plus(Duration.ofSeconds(250)), reason);
    }

    public static AlertView with(AlertView a, Cause cause, String message, String evidence) {
        return new AlertView(
                a.id(), a.fingerprint(), a.rule(), a.series(), a.type(), a.target(), a.severity(), a.state(), cause, message,
                evidence, a.startsAt(), a.firedAt(), a.endsAt(), a.endReason(), a.labels(), a.annotations());
    }

    public static AlertView withLabels(AlertView a, Map<String, String> labels) {
        return new AlertView(
                a.id(), a.fingerprint(), a.rule(), a.series(), a.type(), a.target(), a.severity(), a.state(), a.cause(),
                a.message(), a.evidence(), a.startsAt(), a.firedAt(), a.endsAt(), a.endReason(), new LinkedHashMap<>(labels),
                a.annotations());
    }

    public static AlertView withTimes(AlertView a, Instant startsAt, Optional<Instant> endsAt) {
        return new AlertView(
                a.id(), a.fingerprint(), a.rule(), a.series(), a.type(), a.target(), a.severity(), a.state(), a.cause(),
                a.message(), a.evidence(), startsAt, a.firedAt(), endsAt, a.endReason(), a.labels(), a.annotations());
    }

    /** 100 kB of all that receivers stumble over: emoji, markup, quotes, control characters, half a surrogate pair, CJK. */
    public static String huge() {
        return ("<script>&amp; \"quoted\" `code` *bold* 😀👩‍💻 支付网关超时\u0000\u001b[31m\ud83d <!channel> \r\n").repeat(1_500);
    }

    public static Notice notice(long id, AlertView alert) {
        return new Notice(
                id,
                "ops",
                alert.state() == State.RESOLVED ? Notice.Kind.RESOLVED : Notice.Kind.FIRING,
                alert,
                alert.startsAt(),
                false);
    }

    public static Notice repeat(Notice n) {
        return new Notice(n.id(), n.channel(), n.kind(), n.alert(), n.group(), n.why(), n.createdAt(), true);
    }

    /** The same, told as something else or for another reason. */
    public static Notice told(Notice n, Notice.Kind kind, String why) {
        return new Notice(n.id(), n.channel(), kind, n.alert(), n.group(), why, n.createdAt(), n.mayRepeat());
    }

    public static Notice inGroup(Notice n, Notice.Group group) {
        return new Notice(n.id(), n.channel(), n.kind(), n.alert(), group, n.why(), n.createdAt(), n.mayRepeat());
    }

    public static AlertView withAnnotations(AlertView a, Map<String, String> annotations) {
        return new AlertView(
                a.id(), a.fingerprint(), a.rule(), a.series(), a.type(), a.target(), a.severity(), a.state(), a.cause(),
                a.message(), a.evidence(), a.startsAt(), a.firedAt(), a.endsAt(), a.endReason(), a.labels(),
                new LinkedHashMap<>(annotations), a.handling());
    }

    public static AlertView withSeverity(AlertView a, Severity severity) {
        return new AlertView(
                a.id(), a.fingerprint(), a.rule(), a.series(), a.type(), a.target(), severity, a.state(), a.cause(), a.message(),
                a.evidence(), a.startsAt(), a.firedAt(), a.endsAt(), a.endReason(), a.labels(), a.annotations(), a.handling());
    }
}
