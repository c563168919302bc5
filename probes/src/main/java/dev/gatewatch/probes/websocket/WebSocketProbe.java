package dev.gatewatch.probes.websocket;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.httpclient.Auth;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.httpclient.TokenSource;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.Failure;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;

/** Connects, asks for a WebSocket, holds the dialogue and leaves. Immutable. */
final class WebSocketProbe implements Probe {
    private static final int UNAUTHORIZED = 401;

    private final Connector connector;
    private final WebSocketConfig config;

    WebSocketProbe(Connector connector, WebSocketConfig config) {
        this.connector = connector;
        this.config = config;
    }

    @Override
    public String target() {
        return config.url().shown();
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        var redaction = new Redaction(config.secrets());
        WebSocketFacts.begin(report, run.traceId());
        try {
            if (config.auth().orElse(null) instanceof Auth.OAuth(String name, TokenSource source)) {
                Secret token = token(source, run, redaction, report);
                Optional<Refusal> refusal = attempt(new Auth.Bearer(token), run, redaction, report);
                if (refusal.isPresent() && refusal.get().status() == UNAUTHORIZED) {
                    // revoked before its time: one other token, one more try
                    source.refused(token);
                    report.evidence("token", "the first token of \"" + name + "\" was refused with 401; asked for another");
                    Secret other = token(source, run, redaction, report);
                    refusal = attempt(new Auth.Bearer(other), run, redaction, report);
                }
                refusal.ifPresent(r -> r.failure().tell(report));
            } else {
                attempt(config.auth(), run, redaction, report).ifPresent(r -> r.failure().tell(report));
            }
        } catch (ProbeFailure e) {
            new Failure(e.failure().cause(), redaction.line(e.failure().message())).tell(report);
        }
        return report.build();
    }

    private static Secret token(TokenSource source, Run run, Redaction redaction, Report.Builder report)
            throws ProbeFailure, InterruptedIOException {
        long start = System.nanoTime();
        try {
            Secret token = source.token(run);
            redaction.also(token);
            return token;
        } finally {
            report.phase(WebSocketFacts.TOKEN_PHASE, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /**
     * An upgrade request that was answered with another status than 101.
     *
     * @param status the answer's
     */
    record Refusal(int status, Failure failure) {}

    private Optional<Refusal> attempt(Auth auth, Run run, Redaction redaction, Report.Builder report)
            throws InterruptedIOException {
        return attempt(Optional.of(auth), run, redaction, report);
    }

    private Optional<Refusal> attempt(Optional<Auth> auth, Run run, Redaction redaction, Report.Builder report)
            throws InterruptedIOException {
        Optional<Connection> connected =
                connector.connect(config.url().hostPort(), run.deadline(), report);
        if (connected.isEmpty()) {
            return Optional.empty();
        }
        try (Connection connection = connected.get()) {
            var conversation = new Conversation(config, connection, run, redaction, report);
            Optional<Refusal> refusal = conversation.run(auth.map(Auth::header));
            if (refusal.isEmpty() && report.outcome() == Outcome.PASS) {
                degrade(run.deadline().elapsed(), report);
                conversation.leave();
            }
            return refusal;
        }
    }

    private void degrade(Duration took, Report.Builder report) {
        config.expect().latency().filter(bound -> took.compareTo(bound) > 0).ifPresent(bound ->
                report.degraded(
                        Cause.LATENCY_HIGH,
                        "took " + Durations.format(took) + ", more than " + Durations.format(bound)));
    }
}
