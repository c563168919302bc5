package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.expect.AnswerJudge;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.transaction.Step.Action;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;

/** A step that asks until the answer is as wanted, or never will be. Confined to the run's thread. */
final class Polling {
    private static final Duration MARGIN = Duration.ofMillis(50);

    /** For an answer that is under way when the time is up, where the transaction has more. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final StepRun step;
    private final Action.Ask ask;
    private final Poll poll;
    private final HttpSession session;
    private final Deadline end;

    /** How long the last answer took. */
    private Duration took = Duration.ZERO;

    /** Whether the last answer was waited for until the time was up, rather than for as long as one answer may take. */
    private boolean toTheEnd;

    /** What the last answer lacked; empty before the first. */
    private String lacking = "";

    Polling(StepRun step, Action.Ask ask, Poll poll) {
        this.step = step;
        this.ask = ask;
        this.poll = poll;
        this.session = step.session();
        Duration left = step.bound().left();
        this.end = Deadline.after(poll.atMost().filter(d -> d.compareTo(left) < 0).orElse(left));
    }

    void go() throws UnusableVariable, InterruptedException, InterruptedIOException {
        Expectation expect = ask.expect().render(step.variables());
        try {
            for (boolean last = false; !isOver(expect); ) {
                if (last) {
                    stuck();
                    break;
                }
                last = end.left().compareTo(poll.every()) <= 0;
                Duration pause = last ? lastPause() : poll.every();
                Thread.sleep(pause.isNegative() ? Duration.ZERO : pause);
            }
        } catch (ProbeFailure e) {
            boolean late = e.failure().cause() == Cause.RESPONSE_TIMEOUT || e.failure().cause() == Cause.BODY_TIMEOUT;
            if (late && toTheEnd && !lacking.isEmpty()) {
                stuck();
            } else {
                e.tell(session);
            }
        }
        step.tellTranscript();
    }

    /**
     * The last question is asked as late as its answer may be: at the end where the transaction goes on after it, otherwise so that the
     * answer, at its usual pace, still comes in time.
     */
    private Duration lastPause() {
        Duration needed = took.multipliedBy(2).plus(MARGIN);
        Duration spare = step.bound().left().minus(end.left());
        return spare.compareTo(needed) >= 0 ? end.left() : step.bound().left().minus(needed);
    }

    /** Asks once; whether that was the last time. */
    private boolean isOver(Expectation expect) throws UnusableVariable, ProbeFailure, InterruptedIOException {
        Duration left = end.left();
        Duration most = left.plus(GRACE);
        Duration own = step.patience();
        Duration patience = own.compareTo(most) < 0 ? own : most;
        // not by the clock when it fails: timers are off by a little, and the end of the run may come a little before the end of this
        toTheEnd = own.plus(MARGIN).compareTo(left) >= 0;
        long begin = System.nanoTime();
        Answer answer = step.send(ask, expect::hasStatus, patience);
        took = Duration.ofNanos(System.nanoTime() - begin);
        Report.Builder part = step.part();
        AnswerJudge.judge(expect, session.requiredVersions(), answer, session);
        if (part.outcome() != Outcome.PASS && part.outcome() != Outcome.DEGRADED) {
            return true;
        }
        if (fitsOne(poll.until(), answer)) {
            step.capture(Captured.of(answer, session.cookies(answer.url())));
            return true;
        }
        String lacks = lacking;
        if (fitsOne(poll.failOn(), answer)) {
            step.fail(Cause.ORDER_STUCK, "the answer after " + asked() + " rules out what is waited for: " + lacks);
            return true;
        }
        lacking = lacks;
        return false;
    }

    private boolean fitsOne(List<ExpectTemplate> wanted, Answer answer) throws UnusableVariable {
        for (ExpectTemplate each : wanted) {
            var scratch = Report.builder();
            session.tellTo(scratch);
            try {
                AnswerJudge.judge(each.render(step.variables()), List.of(), answer, session);
            } finally {
                session.tellTo(step.part());
            }
            Report judged = scratch.build();
            if (judged.outcome() == Outcome.PASS || judged.outcome() == Outcome.DEGRADED) {
                return true;
            }
            lacking = judged.message();
        }
        return false;
    }

    private void stuck() {
        step.fail(Cause.ORDER_STUCK, "after " + asked() + " still not as wanted: " + lacking);
    }

    private String asked() {
        int requests = step.requests();
        return Durations.format(Duration.ofMillis(end.elapsed().toMillis())) + " and " + requests + (requests == 1 ? " request" : " requests");
    }
}
