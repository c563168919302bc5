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
    private final StepRun step;
    private final Action.Ask ask;
    private final Poll poll;
    private final HttpSession session;
    private final Deadline end;

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
            while (!isOver(expect)) {
                if (end.left().compareTo(poll.every()) <= 0) {
                    stuck();
                    break;
                }
                Thread.sleep(poll.every());
            }
        } catch (ProbeFailure e) {
            boolean late = e.failure().cause() == Cause.RESPONSE_TIMEOUT || e.failure().cause() == Cause.BODY_TIMEOUT;
            if (late && end.passed() && !lacking.isEmpty()) {
                stuck();
            } else {
                e.tell(session);
            }
        }
        step.tellTranscript();
    }

    /** Asks once; whether that was the last time. */
    private boolean isOver(Expectation expect) throws UnusableVariable, ProbeFailure, InterruptedIOException {
        Duration patience = step.patience();
        Answer answer = step.send(
                ask, expect::hasStatus, end.left().compareTo(patience) < 0 ? Duration.ofMillis(end.leftMillis()) : patience);
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
