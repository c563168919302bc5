package dev.gatewatch.alerting.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How an alert of one kind has come and gone lately. Confined to the evaluator's thread. */
final class Recurrence {
    /** So often may an alert end within an hour; when it comes again after that, it flaps. */
    static final int STEADY = 3;

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MOST = 100;

    /** How soon after its end an alert is taken for the same incident when it comes again. */
    private static final Duration REOPENED = Duration.ofMinutes(5);

    /** Those of the last hour that had fired, oldest first. */
    private final Deque<Ended> ends = new ArrayDeque<>();

    /**
     * An alert that fired and ended.
     *
     * @param incident the id of the alert that the incident began with
     */
    record Ended(Instant firedAt, Instant at, String incident) {}

    void add(Ended end) {
        ends.addLast(end);
        Instant since = end.at().minus(HOUR);
        while (ends.size() > MOST || (ends.size() > 1 && ends.getFirst().at().isBefore(since))) {
            ends.removeFirst();
        }
    }

    /** When the last one ended: runs before that are not the next one's. */
    Instant notBefore() {
        return last().map(Ended::at).orElse(Instant.MIN);
    }

    private Optional<Ended> last() {
        return Optional.ofNullable(ends.peekLast());
    }

    /** Which incident an alert belongs to that begins now; empty for one of its own. */
    String incident(Instant startsAt) {
        // "close" in both directions: a clock may have been set back since
        return last().filter(end -> Duration.between(end.at(), startsAt).abs().compareTo(REOPENED) <= 0)
                .map(Ended::incident)
                .orElse("");
    }

    /** Whether one that fires now has come and gone too often lately. */
    boolean flaps(Instant now) {
        Instant since = now.minus(HOUR);
        return ends.stream().filter(end -> end.at().isAfter(since)).count() >= STEADY;
    }

    /** Whether one of them was firing just before this moment. */
    boolean firedBefore(Instant at) {
        return ends.stream().anyMatch(end -> end.firedAt().isBefore(at) && !end.at().isBefore(at));
    }
}
