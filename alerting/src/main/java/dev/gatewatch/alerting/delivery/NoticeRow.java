package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.NoticeView;
import dev.gatewatch.view.NoticeView.Attempt;
import dev.gatewatch.view.NoticeView.Outcome;
import dev.gatewatch.view.NoticeView.State;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A notice as stored. Immutable.
 *
 * @param alert as it stood when the notice was written
 * @param group what it is told together with
 * @param why why it was told then, where the kind does not say it
 * @param batch the id of the first notice that was decided together with it for this channel and group
 * @param attempts begun so far
 * @param lastError what went wrong last, or why it was given up; empty when nothing did
 * @param endedAt when it was sent or given up
 */
record NoticeRow(
        long id,
        String channel,
        Notice.Kind kind,
        AlertView alert,
        Notice.Group group,
        String why,
        long batch,
        Instant createdAt,
        State state,
        int attempts,
        boolean mayRepeat,
        Instant nextAt,
        String lastError,
        Optional<Instant> endedAt) {
    /** Whether an attempt before the next one may have arrived. */
    boolean repeats() {
        return mayRepeat || state == State.SENDING;
    }

    /** As people and programs see it. */
    NoticeView view(List<Attempt> log) {
        return new NoticeView(
                id,
                channel,
                kind.name().toLowerCase(Locale.ROOT),
                alert,
                why,
                state,
                attempts,
                mayRepeat,
                lastError,
                createdAt,
                endedAt.isPresent() ? Optional.empty() : Optional.of(nextAt),
                endedAt,
                log.stream().map(this::known).toList());
    }

    /** An attempt whose end nobody wrote down still goes on only while the notice is being sent. */
    private Attempt known(Attempt attempt) {
        return attempt.outcome() == Outcome.GOING && state != State.SENDING
                ? new Attempt(attempt.number(), attempt.startedAt(), attempt.took(), Outcome.CUT_OFF, attempt.said(), attempt.nextAt())
                : attempt;
    }
}
