package dev.gatewatch.probes.resources;

import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.expect.AnswerJudge;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.httpclient.Redaction;
import java.io.InterruptedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a target's metrics and judges what they say. Immutable. */
final class ResourcesProbe implements Probe {
    private static final int NOT_FOUND = 404;

    private final ResourcesConfig config;

    ResourcesProbe(ResourcesConfig config) {
        this.config = config;
    }

    @Override
    public String target() {
        return config.request().target();
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        var redaction = new Redaction(config.request().secrets());
        try (var session = HttpSession.keptAlive(config.settings(), redaction, run, report)) {
            Optional<Readings> readings = Optional.empty();
            try {
                readings = switch (config.format()) {
                    case PROMETHEUS -> page(session);
                    case ACTUATOR -> actuator(session);
                };
            } catch (ProbeFailure e) {
                e.tell(session);
            }
            session.tellPhases();
            if (report.outcome() != Outcome.PASS) {
                session.tellTranscript();
            }
            readings.ifPresent(r -> new Reckoning(config, run, redaction, report).judge(r));
        }
        return report.build();
    }

    private Optional<Readings> page(HttpSession session) throws ProbeFailure, InterruptedIOException {
        Answer answer = session.send(config.request());
        return isGood(answer, session)
                ? Optional.of(MetricsPage.read(answer, config.values(), config.quantiles()))
                : Optional.empty();
    }

    private Optional<Readings> actuator(HttpSession session) throws ProbeFailure, InterruptedIOException {
        var numbers = new LinkedHashMap<String, Double>();
        var missing = new LinkedHashMap<String, String>();
        for (Map.Entry<String, ValueSpec> value : config.values().entrySet()) {
            Selector selector = value.getValue().selector();
            HttpRequest all = config.request();
            Answer answer = session.send(new HttpRequest(
                    ActuatorMetric.url(all.url(), selector),
                    all.hiddenUrl(),
                    all.method(),
                    all.headers(),
                    all.auth(),
                    all.body()));
            if (answer.status() == NOT_FOUND) {
                missing.put(value.getKey(), "Actuator has no metric " + selector);
            } else if (isGood(answer, session)) {
                numbers.put(value.getKey(), ActuatorMetric.read(answer, selector));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(new Readings(numbers, missing, Map.of(), config.values().size()));
    }

    private boolean isGood(Answer answer, HttpSession session) {
        AnswerJudge.judge(Expectation.DEFAULT, config.settings().requiredVersions(), answer, session);
        return session.report().outcome().compareTo(Outcome.DEGRADED) <= 0;
    }
}
