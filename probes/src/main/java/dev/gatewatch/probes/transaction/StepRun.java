package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.expect.AnswerJudge;
import dev.gatewatch.probes.expect.BoundedText;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.Phase;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.transaction.Step.Action;
import dev.gatewatch.probes.transaction.Step.Refusal;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** One step of one run. Confined to the run's thread. */
final class StepRun {
    private final Step step;
    private final HttpUrl base;
    private final Run run;
    private final Deadline bound;
    private final HttpSession session;
    private final Mailbox mailbox;
    private final Variables variables;

    private final EnumMap<Phase, Duration> phases = new EnumMap<>(Phase.class);
    private Report.Builder part = Report.builder();
    private @Nullable Report done;
    private int requests;
    private OptionalInt status = OptionalInt.empty();
    private Optional<Duration> callbackTook = Optional.empty();

    /**
     * A step that was not begun.
     *
     * @param bound when it must be over
     */
    StepRun(
            Step step, HttpUrl base, Run run, Deadline bound, HttpSession session, Mailbox mailbox, Variables variables) {
        this.step = step;
        this.base = base;
        this.run = run;
        this.bound = bound;
        this.session = session;
        this.mailbox = mailbox;
        this.variables = variables;
    }

    /** The variables that a step cannot do without, but for those that it makes itself. */
    static Stream<String> needs(Step step) {
        Stream<Template> asked =
                switch (step.action()) {
                    case Action.Ask ask -> Stream.of(
                                    ask.request().signed(),
                                    ask.request().carried(),
                                    step.sign().values().stream().map(Signature::over))
                            .flatMap(s -> s);
                    case Action.Await _ -> Stream.empty();
                };
        return Stream.concat(asked, step.expected())
                .flatMap(t -> t.names().stream())
                .filter(n -> !step.generate().containsKey(n)
                        && !step.sign().containsKey(n)
                        && !step.capture().containsKey(n)
                        && !Signature.OF_REQUEST.contains(n));
    }

    /** What there is to say of it. */
    Report report() {
        if (done == null) {
            done = part.build();
        }
        return done;
    }

    /** For a table of all steps: {@code , status 201}. */
    String summary() {
        String asked = requests > 1 ? ", " + requests + " requests" : "";
        String answered = status.isPresent() ? ", status " + status.getAsInt() : "";
        return asked + answered + (report().cause().isPresent() ? ", " + report().cause().get().code() : "");
    }

    void fail(Cause cause, String message) {
        new Failure(cause, session.redaction().line(message)).tell(part);
    }

    /** Does it; what goes wrong is in the report afterwards. */
    void perform() throws InterruptedException, InterruptedIOException {
        if (step.delay().compareTo(bound.left()) >= 0) {
            fail(
                    Cause.RESPONSE_TIMEOUT,
                    "its delay of " + Durations.format(step.delay()) + " is longer than the " + Durations.format(bound.left())
                            + " that were left");
            return;
        }
        Thread.sleep(step.delay());
        try {
            switch (step.action()) {
                case Action.Ask ask when ask.poll().isPresent() -> new Polling(this, ask, ask.poll().get()).go();
                case Action.Ask ask -> ask(ask);
                case Action.Await(CallbackWait callback) -> {
                    new CallbackStep(callback, bound, session, mailbox, variables).go(this);
                }
            }
        } catch (UnusableVariable e) {
            fail(e.failure().cause(), e.failure().message());
        } catch (BoundedText.TimeUp _) {
            fail(Cause.INTERNAL_ERROR, "the regular expression of a capture was not done in time; simplify it or raise timeout");
        }
    }

    private void ask(Action.Ask ask) throws UnusableVariable, InterruptedIOException {
        Expectation expect = ask.expect().render(variables);
        try {
            Answer answer = send(ask, expect::hasStatus, patience());
            if (ask.refusal() != Refusal.NO && answer.status() < 400 && !expect.hasStatus(answer.status())) {
                fail(Cause.HTTP_STATUS, "accepted with status " + answer.status() + " although it must be refused");
            } else if (ask.refusal() == Refusal.ANY && answer.status() == 429) {
                fail(Cause.RATE_LIMITED, "status 429: refused because of its rate, which does not say that it is refused for what it is");
            } else {
                AnswerJudge.judge(expect, session.requiredVersions(), answer, session);
            }
            capture(Captured.of(answer, session.cookies(answer.url())));
        } catch (ProbeFailure e) {
            e.tell(session);
        }
        tellTranscript();
    }

    /** The longest that one request may take. */
    Duration patience() {
        Duration left = bound.left();
        return step.timeout().filter(t -> t.compareTo(left) < 0).orElse(left);
    }

    /** Sends the step's request anew, with values for its variables, and begins the step's report anew with it. */
    Answer send(Action.Ask ask, IntPredicate wanted, Duration patience)
            throws UnusableVariable, ProbeFailure, InterruptedIOException {
        part = Report.builder();
        session.next(within(patience), part);
        HttpRequest request = request(ask.request());
        request.secrets().forEach(session.redaction()::also);
        requests++;
        status = OptionalInt.of(0);
        mailbox.sending(
                Stream.concat(ask.request().signed(), ask.request().carried())
                        .flatMap(t -> t.names().stream())
                        .toList(),
                step.name());
        try {
            Answer answer = ask.learnt() ? session.sendLearnt(request, wanted, base) : session.send(request, wanted);
            status = OptionalInt.of(answer.status());
            return answer;
        } finally {
            for (Phase phase : Phase.values()) {
                phases.merge(phase, session.took(phase), Duration::plus);
            }
        }
    }

    /** This run, for a part of its time. */
    Run within(Duration time) {
        return new Run(run.series(), Deadline.after(time), run.clock(), run.memory(), run.traceId());
    }

    private HttpRequest request(RequestTemplate template) throws UnusableVariable {
        step.generate()
                .forEach((name, g) -> variables.put(name, g.make(name, run.clock().instant(), run.memory()), false));
        sign(step.earlySigns());
        HttpUrl url = template.url(base, variables);
        Optional<HttpRequest.Content> content = template.content(variables);
        variables.put("request_method", template.method(), false);
        variables.put("request_url", url.toString(), false);
        variables.put("request_path", url.encodedPath() + (url.encodedQuery() == null ? "" : "?" + url.encodedQuery()), false);
        variables.put("request_body", content.map(c -> c.bytes().utf8()).orElse(""), false);
        sign(step.lateSigns());
        return template.complete(url, content, variables);
    }

    private void sign(List<String> names) throws UnusableVariable {
        for (String name : names) {
            variables.put(name, Optional.ofNullable(step.sign().get(name)).orElseThrow().make(variables), true);
        }
    }

    /**
     * Takes the variables that later steps need. What an answer that is not as expected holds is taken too, as far as it goes: clean-up
     * may need it.
     */
    void capture(Captured from) {
        for (Map.Entry<String, Capture> entry : step.capture().entrySet()) {
            Capture capture = entry.getValue();
            Optional<String> value = capture.find(from, bound);
            if (value.isPresent()) {
                variables.put(entry.getKey(), value.get(), capture.secret());
            } else if (part.outcome() == Outcome.PASS || part.outcome() == Outcome.DEGRADED) {
                fail(
                        Cause.CAPTURE_MISSING,
                        capture.shown() + " gives no value for $(" + entry.getKey() + ") (" + from.shown() + ")");
            }
        }
    }

    /** Tells what was said, unless all is well. */
    void tellTranscript() {
        if (part.outcome() != Outcome.PASS) {
            session.tellTranscript();
        }
    }

    Report.Builder part() {
        return part;
    }

    HttpSession session() {
        return session;
    }

    Variables variables() {
        return variables;
    }

    Deadline bound() {
        return bound;
    }

    int requests() {
        return requests;
    }

    void callbackTook(Duration took) {
        callbackTook = Optional.of(took);
    }

    /** Tells the facts that are named after the step. */
    void tellFamilies(Report.Builder report) {
        if (requests > 0) {
            report.fact(TransactionFacts.STEP_STATUS + "." + step.name(), status.orElse(0));
            report.fact(TransactionFacts.STEP_REQUESTS + "." + step.name(), requests);
            phases.forEach((phase, took) -> {
                if (phase != Phase.TOKEN || !took.isZero()) {
                    report.fact(
                            TransactionFacts.STEP_PHASE + "." + step.name() + "." + phase.label(), took.toNanos() / 1e9);
                }
            });
        }
        callbackTook.ifPresent(
                took -> report.fact(TransactionFacts.CALLBACK_SECONDS + "." + step.name(), took.toNanos() / 1e9));
    }
}
