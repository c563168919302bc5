package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.callback.Callback;
import dev.gatewatch.probes.callback.CallbackBox;
import dev.gatewatch.probes.expect.AnswerJudge;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.HttpVersion;
import dev.gatewatch.probes.httpclient.Sizes;
import dev.gatewatch.probes.transaction.Mailbox.GivenAway;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;

/** A step that waits for a callback. Confined to the run's thread. */
final class CallbackStep {
    private final CallbackWait wanted;
    private final Deadline bound;
    private final HttpSession session;
    private final Mailbox mailbox;
    private final Variables variables;

    CallbackStep(
            CallbackWait wanted, Deadline bound, HttpSession session, Mailbox mailbox, Variables variables) {
        this.wanted = wanted;
        this.bound = bound;
        this.session = session;
        this.mailbox = mailbox;
        this.variables = variables;
    }

    void go(StepRun step) throws UnusableVariable, InterruptedException {
        CallbackBox box = mailbox.box(wanted);
        Expectation expect = wanted.expect().render(variables);
        Optional<Expectation> match = Optional.empty();
        if (wanted.match().isPresent()) {
            match = Optional.of(wanted.match().get().render(variables));
        }
        Optional<Expectation> meant = match;
        Duration left = bound.left();
        Duration wait = wanted.atMost().compareTo(left) < 0 ? wanted.atMost() : left;
        // what is judged from here on is bound by this step's time, not by the last request's
        session.next(step.within(left), Report.builder());
        long begin = System.nanoTime();
        Optional<Callback> came = box.take(c -> meant.isEmpty() || judged(meant.get(), c).outcome() == Outcome.PASS, wait);
        session.tellTo(step.part());
        if (came.isEmpty()) {
            step.fail(Cause.CALLBACK_MISSING, missing(box, Duration.ofNanos(System.nanoTime() - begin)));
            box.left().forEach(other -> step.part()
                    .evidence("a callback that did not match", session.redaction().block(other.shown())));
            return;
        }
        take(step, expect, came.get());
    }

    private void take(StepRun step, Expectation expect, Callback callback) {
        mailbox.took(callback);
        Report.Builder part = step.part();
        Duration took = mailbox.givenAway(wanted).map(g -> callback.after(g.nanos())).orElse(Duration.ZERO);
        step.callbackTook(took);
        Report judged = judged(expect, callback);
        judged.cause().ifPresent(cause -> step.fail(cause, "the callback: " + judged.message()));
        wanted.lateAfter().filter(late -> took.compareTo(late) > 0).ifPresent(late -> {
            if (part.outcome() == Outcome.PASS) {
                part.degraded(
                        Cause.CALLBACK_LATE,
                        "the callback came " + Durations.format(Duration.ofMillis(took.toMillis())) + " after " + source() + ", expected within "
                                + Durations.format(late));
            }
        });
        step.capture(Captured.of(callback));
        if (part.outcome() != Outcome.PASS) {
            part.evidence("callback", session.redaction().block(callback.shown()));
        }
    }

    private String source() {
        return mailbox.givenAway(wanted).map(g -> "step \"" + g.step() + "\"").orElse("the begin of the run");
    }

    private String missing(CallbackBox box, Duration waited) {
        String since = mailbox.givenAway(wanted)
                .map(GivenAway::nanos)
                .map(nanos -> ", " + Durations.format(Duration.ofMillis((System.nanoTime() - nanos) / 1_000_000)) + " after "
                        + source())
                .orElse("");
        int others = box.left().size();
        return "no callback came within " + Durations.format(Duration.ofMillis(waited.toMillis())) + since
                + (others == 0 ? "" : "; " + others + (others == 1 ? " other that does" : " others that do") + " not match came")
                + (box.tooLarge() == 0 ? "" : "; " + box.tooLarge() + " larger than 64 kB refused");
    }

    /** Whether a callback is as it should be, told as for an answer with that content. */
    private Report judged(Expectation expect, Callback callback) {
        var scratch = Report.builder();
        session.tellTo(scratch);
        var answer = new Answer(
                HttpUrl.get("http://callback/"),
                HttpVersion.HTTP_1_1,
                200,
                "",
                callback.headers(),
                callback.body().size(),
                new Answer.Body(callback.body(), Optional.empty()),
                false,
                false);
        AnswerJudge.judge(expect, List.of(), answer, session);
        return scratch.build();
    }
}
