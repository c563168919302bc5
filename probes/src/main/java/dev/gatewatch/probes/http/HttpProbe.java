package dev.gatewatch.probes.http;

import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.expect.AnswerJudge;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.httpclient.Respite;
import dev.gatewatch.probes.net.Failure;
import java.io.InterruptedIOException;
import java.util.Optional;

/** One configured http probe: a request, its answer, the judgement. Immutable, safe for many threads. */
final class HttpProbe implements Probe {
    private final HttpConfig config;

    HttpProbe(HttpConfig config) {
        this.config = config;
    }

    @Override
    public String target() {
        return config.request().target();
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        Optional<Respite> respite = Respite.ofEarlierRun(run, target(), config.retryAfterLimit());
        if (respite.isPresent()) {
            respite.get().tell(run, report);
            return report.build();
        }
        config.expect().begin(report);
        Optional<Answer> answered = Optional.empty();
        var redaction = new Redaction(config.secrets());
        try (var session = HttpSession.of(config.settings(), redaction, run, report)) {
            try {
                Answer answer = session.send(config.request(), config.expect()::hasStatus);
                answered = Optional.of(answer);
                AnswerJudge.judge(config.expect(), config.settings().requiredVersions(), answer, session);
            } catch (ProbeFailure e) {
                e.tell(session);
            }
            session.tellPhases();
            if (report.outcome() != Outcome.PASS) {
                session.tellTranscript();
            }
        }
        Report told = report.build();
        if (told.outcome() == Outcome.FAIL && answered.isPresent()) {
            var verdict = new Failure(told.cause().orElseThrow(), told.message());
            Respite.remember(run, target(), answered.get(), config.retryAfterLimit(), verdict);
        }
        return told;
    }
}
