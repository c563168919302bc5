package dev.gatewatch.probes.instances;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.expect.AnswerJudge;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.httpclient.Redaction;
import java.io.InterruptedIOException;
import java.util.List;

/**
 * An instance has to answer a request, which goes to its address and names the service's host. Immutable.
 *
 * @param request with the service's host in its URL
 */
record HttpCheck(HttpRequest request, ClientSettings settings, Expectation expect, List<Secret> secrets)
        implements InstanceCheck {
    HttpCheck {
        secrets = List.copyOf(secrets);
    }

    @Override
    public Report check(HostPort instance, Run run) throws InterruptedIOException {
        var report = Report.builder();
        try (var session = HttpSession.of(settings.connectingTo(instance), new Redaction(secrets), run, report)) {
            try {
                AnswerJudge.judge(
                        expect, settings.requiredVersions(), session.send(request, expect::hasStatus), session);
            } catch (ProbeFailure e) {
                e.tell(session);
            }
        }
        return report.build();
    }
}
