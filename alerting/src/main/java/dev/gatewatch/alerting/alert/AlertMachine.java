package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.Verdict;
import dev.gatewatch.view.AlertView.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How an alert moves: pending → firing → resolved. Pure functions of the open episode, a verdict and the time it was reached.
 *
 * <p>Verdicts are reached at runs, and {@code for} is fulfilled by a run that still confirms the condition, never by time alone: a target
 * that healed between two runs is not announced. Only {@code keep_firing_for} ends by itself.
 */
final class AlertMachine {
    private AlertMachine() {}

    /**
     * How patient a rule is with a series.
     *
     * @param confirm how many runs after the first have to find the condition to hold
     * @param slack by how much a confirming run may be early: runs of a grid do not start to the millisecond
     */
    record Timing(Duration holdFor, int confirm, Duration keepFiringFor, Duration slack) {
        /** How long an alert that flaps has to be quiet before its end is told. */
        static final Duration QUIET = Duration.ofMinutes(15);

        Timing(Duration holdFor, Duration keepFiringFor, Duration slack) {
            this(holdFor, 0, keepFiringFor, slack);
        }

        /** As it is for an alert that flaps. */
        Timing flapping() {
            return keepFiringFor.compareTo(QUIET) >= 0 ? this : new Timing(holdFor, confirm, QUIET, slack);
        }

        static Timing of(Rule rule, Duration interval) {
            Duration tenth = interval.dividedBy(10);
            Duration second = Duration.ofSeconds(1);
            return new Timing(rule.holdFor(), rule.confirm(), rule.keepFiringFor(), tenth.compareTo(second) < 0 ? tenth : second);
        }
    }

    /**
     * When a verdict was reached.
     *
     * @param start of the latest run
     * @param end of the latest run
     */
    record Moment(Instant start, Instant end) {}

    /** Whether a pending alert may fire now. */
    enum Gate {
        OPEN,
        /** Not yet: what it depends on has not been looked at since. */
        AWAITING,
        /** Not while what it depends on fails. */
        SHUT
    }

    /** What is worth telling. */
    enum Kind {
        FIRED,
        /** A tighter bound was crossed while firing. */
        WORSENED,
        RESOLVED
    }

    /** One thing worth telling, with the episode as it then stood. */
    record Change(Kind kind, Episode episode) {}

    /**
     * Where a verdict leads.
     *
     * @param open the episode that is now open, pending or firing
     * @param changes in order; an episode that ended is only here
     */
    record Step(Optional<Episode> open, List<Change> changes) {
        Step {
            changes = List.copyOf(changes);
        }
    }

    /**
     * Takes a verdict in.
     *
     * @param before the open episode
     * @param notBefore when the last one ended: a run belongs to one episode only
     */
    static Step judge(Optional<Episode> before, Instant notBefore, Verdict verdict, Timing timing, Moment at) {
        return judge(before, notBefore, verdict, timing, at, Gate.OPEN, true);
    }

    /**
     * As {@link #judge(Optional, Instant, Verdict, Timing, Moment)}.
     *
     * @param another whether a run has come since the last time, rather than that something else has changed
     */
    static Step judge(
            Optional<Episode> before,
            Instant notBefore,
            Verdict verdict,
            Timing timing,
            Moment at,
            Gate gate,
            boolean another) {
        // what time alone would have ended by now ends first, so that a late judge comes to the same as a punctual one
        Step passed = pass(before, timing, at.end());
        var changes = new ArrayList<>(passed.changes());
        Instant earliest = passed.changes().isEmpty()
                ? notBefore
                : passed.changes().getLast().episode().endsAt().orElse(notBefore);
        Optional<Episode> open =
                switch (verdict) {
                    case Verdict.Holds holds -> Optional.of(hold(passed.open(), earliest, holds, timing, at, gate, another, changes));
                    case Verdict.Clear _ -> passed.open().flatMap(episode -> clear(episode, timing, at, changes));
                    case Verdict.Unknown _ -> passed.open();
                };
        return new Step(open, changes);
    }

    /** Lets time pass without a verdict. */
    static Step pass(Optional<Episode> before, Timing timing, Instant now) {
        if (before.isEmpty() || before.get().clearSince().isEmpty()) {
            return new Step(before, List.of());
        }
        Instant end = before.get().clearSince().get().plus(timing.keepFiringFor());
        if (end.isAfter(now)) {
            return new Step(before, List.of());
        }
        return new Step(Optional.empty(), List.of(new Change(Kind.RESOLVED, before.get().resolved(end, Episode.HEALED))));
    }

    private static Episode hold(
            Optional<Episode> open,
            Instant earliest,
            Verdict.Holds holds,
            Timing timing,
            Moment at,
            Gate gate,
            boolean another,
            List<Change> changes) {
        Episode episode = open.orElseGet(() -> {
            Instant since = holds.since().isBefore(earliest) ? earliest : holds.since();
            // where the clock was set back since, trouble does not begin in the future
            since = since.isAfter(at.end()) ? at.start() : since;
            return Episode.pending(since, at.start(), holds.level());
        });
        if (episode.state() == State.PENDING) {
            Instant held = at.start().isBefore(episode.heldSince()) ? at.start() : episode.heldSince();
            episode = episode.heldSince(held).level(Math.max(episode.level(), holds.level()));
            if (gate == Gate.SHUT) {
                return episode;
            }
            if (another && open.isPresent()) {
                episode = episode.confirmed(episode.confirmed() + 1);
            }
            if (gate == Gate.AWAITING || episode.confirmed() < timing.confirm()) {
                return episode;
            }
            if (timing.holdFor().isZero() || !at.start().plus(timing.slack()).isBefore(held.plus(timing.holdFor()))) {
                episode = episode.fired(at.end());
                changes.add(new Change(Kind.FIRED, episode));
            }
            return episode;
        }
        episode = episode.clearSince(Optional.empty());
        if (holds.level() > episode.level()) {
            episode = episode.level(holds.level());
            changes.add(new Change(Kind.WORSENED, episode));
        }
        return episode;
    }

    private static Optional<Episode> clear(Episode episode, Timing timing, Moment at, List<Change> changes) {
        if (episode.state() == State.PENDING) {
            return Optional.empty();
        }
        if (!timing.keepFiringFor().isZero()) {
            // the earlier of the two: the clock may have been set back
            Instant since = episode.clearSince().filter(at.end()::isAfter).orElse(at.end());
            return Optional.of(episode.clearSince(Optional.of(since)));
        }
        changes.add(new Change(Kind.RESOLVED, episode.resolved(at.end(), Episode.HEALED)));
        return Optional.empty();
    }
}
