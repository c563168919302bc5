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
        SequencedMap<String, String> annotations) {
    public AlertView {
        labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
        annotations = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(annotations));
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
