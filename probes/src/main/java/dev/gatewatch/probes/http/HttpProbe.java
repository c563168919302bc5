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
import java.io.InterruptedIOException;

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
        var redaction = new Redaction(config.secrets());
        try (var session = HttpSession.of(config.settings(), redaction, run, report)) {
            try {
                Answer answer = session.send(config.request(), config.expect()::hasStatus);
                AnswerJudge.judge(config.expect(), config.settings().requiredVersions(), answer, session);
            } catch (ProbeFailure e) {
                e.tell(session);
            }
            session.tellPhases();
            if (report.outcome() != Outcome.PASS) {
                session.tellTranscript();
            }
        }
        return report.build();
    }
}
