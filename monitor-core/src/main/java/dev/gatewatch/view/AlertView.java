package dev.gatewatch.view;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * An alert as it stands. Immutable.
 *
 * @param id stable over restarts; the same for one rule and series for as long as the trouble lasts, another for the next time
 * @param fingerprint the same for one rule and series for ever; receivers that keep identity get this
 * @param type the probe's type
 * @param message one line: what is wrong, with numbers
 * @param evidence one short line that proves it, or empty
 * @param startsAt when the trouble began: the first run that counts against the rule
 * @param endsAt when it ended, for a resolved alert
 * @param endReason why it ended: {@code healed}, {@code removed}; empty while it lasts
 * @param labels the probe's, overlaid by the rule's
 * @param annotations the rule's, such as {@code runbook_url}
 * @param handling what people and other alerts make of it
 */
public record AlertView(
        String id,
        String fingerprint,
        String rule,
        Series series,
        String type,
        String target,
        Severity severity,
        State state,
        Cause cause,
        String message,
        String evidence,
        Instant startsAt,
        Optional<Instant> firedAt,
        Optional<Instant> endsAt,
        String endReason,
        SequencedMap<String, String> labels,
        SequencedMap<String, String> annotations,
        Handling handling) {
    /** The type of alerts that another monitor told of. */
    public static final String EXTERNAL = "alertmanager";

    /** The type of alerts about a channel. */
    public static final String CHANNEL = "channel";

    /** The type of alerts about this daemon. */
    public static final String OWN = "gatewatch";

    public AlertView {
        labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
        annotations = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(annotations));
    }

    /** One that nobody has handled yet. */
    public AlertView(
            String id,
            String fingerprint,
            String rule,
            Series series,
            String type,
            String target,
            Severity severity,
            State state,
            Cause cause,
            String message,
            String evidence,
            Instant startsAt,
            Optional<Instant> firedAt,
            Optional<Instant> endsAt,
            String endReason,
            SequencedMap<String, String> labels,
            SequencedMap<String, String> annotations) {
        this(
                id,
                fingerprint,
                rule,
                series,
                type,
                target,
                severity,
                state,
                cause,
                message,
                evidence,
                startsAt,
                firedAt,
                endsAt,
                endReason,
                labels,
                annotations,
                Handling.NONE);
    }

    /** The same, handled otherwise. */
    public AlertView with(Handling changed) {
        return changed.equals(handling)
                ? this
                : new AlertView(
                        id,
                        fingerprint,
                        rule,
                        series,
                        type,
                        target,
                        severity,
                        state,
                        cause,
                        message,
                        evidence,
                        startsAt,
                        firedAt,
                        endsAt,
                        endReason,
                        labels,
                        annotations,
                        changed);
    }

    /** The same, over. */
    public AlertView ended(Instant at, String reason) {
        return new AlertView(
                id,
                fingerprint,
                rule,
                series,
                type,
                target,
                severity,
                State.RESOLVED,
                cause,
                message,
                evidence,
                startsAt,
                firedAt,
                Optional.of(at),
                reason,
                labels,
                annotations,
                handling);
    }

    /** Whether one of our probes found it, and so has a page that says more. */
    public boolean isOfProbe() {
        return !type.equals(EXTERNAL) && !type.equals(CHANNEL) && !type.equals(OWN);
    }

    /**
     * The word that people are shown: {@code pending}, {@code firing}, {@code acknowledged}, {@code suppressed} or {@code resolved}.
     */
    public String status() {
        if (state == State.RESOLVED) {
            return state.code();
        }
        if (handling.heldBack().isPresent()) {
            return "suppressed";
        }
        return state == State.FIRING && handling.acknowledged().isPresent() ? "acknowledged" : state.code();
    }

    /** How loud. */
    public enum Severity {
        INFO,
        WARNING,
        CRITICAL;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where an alert is on its way. */
    public enum State {
        PENDING,
        FIRING,
        RESOLVED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
