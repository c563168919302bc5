package dev.gatewatch.probes.expect;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HttpFacts;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.HttpVersion;
import dev.gatewatch.probes.httpclient.Phase;
import dev.gatewatch.probes.httpclient.Quota;
import dev.gatewatch.probes.net.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Judges an answer: its status first, then everything else that is expected of it. Tells the conversation's report. */
public final class AnswerJudge {
    private AnswerJudge() {}

    /**
     * Judges the last answer of a conversation.
     *
     * @param versions that an answer must have where the expectation names none; any where empty
     */
    public static void judge(Expectation expect, List<HttpVersion> versions, Answer answer, HttpSession session) {
        Report.Builder report = session.report();
        Instant now = session.run().clock().instant();
        ErrorBody.requestId(answer.headers())
                .ifPresent(id -> report.fact(HttpFacts.REQUEST_ID, session.redaction().line(id)));
        if (!expect.hasStatus(answer.status())) {
            Failure failure = StatusVerdict.of(answer, expect.status(), now);
            new Failure(failure.cause(), session.redaction().line(failure.message() + session.where())).tell(report);
            return;
        }
        new Assertions(expect, answer, session.run().deadline(), session.redaction(), report)
                .check(
                        expect.versions().isEmpty() ? versions : expect.versions(),
                        session.redirects(),
                        session.run().deadline().elapsed().toMillis());
        if (report.outcome() == Outcome.PASS) {
            degrade(expect, answer, session, now);
        }
    }

    /**
     * Why an answer has another status than the one wanted, without judging anything else: for protocols that begin as HTTP.
     *
     * @return its message is not redacted yet
     */
    public static Failure otherStatus(Answer answer, int wanted, Instant now) {
        return StatusVerdict.of(answer, List.of(new StatusRange(wanted, wanted, String.valueOf(wanted))), now);
    }

    private static void degrade(Expectation expect, Answer answer, HttpSession session, Instant now) {
        Duration took = session.run().deadline().elapsed();
        expect.latency().filter(bound -> took.compareTo(bound) > 0).ifPresent(bound -> {
            Phase longest = session.longest();
            session.report()
                    .degraded(
                            Cause.LATENCY_HIGH,
                            "took " + Durations.format(took) + ", expected at most " + Durations.format(bound) + " ("
                                    + longest.label() + " " + Durations.format(session.took(longest)) + ")");
        });
        expect.phases().forEach((name, bound) -> {
            Duration phase = session.took(Phase.valueOf(name.toUpperCase(Locale.ROOT)));
            if (phase.compareTo(bound) > 0) {
                session.report()
                        .degraded(
                                Cause.LATENCY_HIGH,
                                name + " took " + Durations.format(phase) + ", expected at most "
                                        + Durations.format(bound));
            }
        });
        Quota quota = Quota.of(answer.headers(), now);
        if (expect.quotaLeft().isPresent()) {
            QuotaBound bound = expect.quotaLeft().get();
            if (bound.isUndercut(quota)) {
                session.report().degraded(Cause.QUOTA_LOW, quota.shown() + ", expected " + bound.shown());
            }
        } else if (quota.isLow()) {
            session.report().degraded(Cause.QUOTA_LOW, quota.shown());
        }
    }
}
