package dev.gatewatch.alerting.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * An alert of another monitor as an Alertmanager last told of it. Immutable. Times are whole milliseconds.
 *
 * @param fingerprint the sender's, the same for the same labels
 * @param group what it was told together with
 * @param source where the alert comes from, as a link; may be empty
 * @param endsAt when it ended, where it has
 * @param endReason why; empty while it lasts
 * @param seenAt when it was last told of
 */
public record InboundAlert(
        String fingerprint,
        String group,
        SequencedMap<String, String> labels,
        SequencedMap<String, String> annotations,
        String source,
        Instant startsAt,
        Optional<Instant> endsAt,
        String endReason,
        Instant seenAt) {
    /**
     * For how long an alert lasts without being told of again. Alertmanagers tell of what goes on as seldom as their
     * {@code repeat_interval}, commonly four hours, at times a day; and they tell of ends until somebody listens.
     */
    static final Duration LONGEST_SILENCE = Duration.ofHours(25);

    /** Why it ended where nobody told of its end. */
    static final String NO_LONGER_REPORTED = "no longer reported";

    public InboundAlert {
        labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
        annotations = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(annotations));
    }

    InboundAlert ended(Instant at, String reason) {
        return new InboundAlert(fingerprint, group, labels, annotations, source, startsAt, Optional.of(at), reason, seenAt);
    }

    /** As it stands at this time: over, where it was not told of for too long. */
    InboundAlert at(Instant now) {
        return endsAt.isEmpty() && seenAt.plus(LONGEST_SILENCE).isBefore(now) ? ended(now, NO_LONGER_REPORTED) : this;
    }

    String label(String name) {
        return labels.getOrDefault(name, "");
    }

    String annotation(String name) {
        return annotations.getOrDefault(name, "");
    }
}
