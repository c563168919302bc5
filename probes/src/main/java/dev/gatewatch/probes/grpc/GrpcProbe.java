package dev.gatewatch.probes.grpc;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.tls.Handshake;
import dev.gatewatch.probes.tls.TlsRun;
import dev.gatewatch.probes.tls.TlsSettings;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/** Connects, speaks TLS where wanted, and asks for a service's health. Immutable. */
final class GrpcProbe implements Probe {
    /** HTTP/2 over TLS (RFC 9113, section 3.2). */
    private static final String ALPN = "h2";

    private final Connector connector;
    private final HostPort target;
    private final Optional<TlsSettings> tls;
    private final HealthCall call;
    private final Expectation expect;

    GrpcProbe(
            Connector connector, HostPort target, Optional<TlsSettings> tls, HealthCall call, Expectation expect) {
        this.connector = connector;
        this.target = target;
        this.tls = tls;
        this.call = call;
        this.expect = expect;
    }

    @Override
    public String target() {
        return target + (call.service().isEmpty() ? "" : "/" + call.service());
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        GrpcFacts.begin(report);
        Optional<Connection> connected = connector.connect(target, run.deadline(), report);
        if (connected.isPresent()) {
            try (Connection connection = connected.get()) {
                speak(connection, run, report);
            }
        } else {
            GrpcFacts.status(report, Status.Code.UNAVAILABLE);
        }
        Duration took = run.deadline().elapsed();
        if (report.outcome() == Outcome.PASS
                && expect.latency().isPresent()
                && took.compareTo(expect.latency().get()) > 0) {
            report.degraded(
                    Cause.LATENCY_HIGH,
                    "took " + Durations.format(took) + ", more than "
                            + Durations.format(expect.latency().get()));
        }
        return report.build();
    }

    private void speak(Connection connection, Run run, Report.Builder report) throws InterruptedIOException {
        Optional<TlsRun> tlsRun =
                tls.map(settings -> settings.begin(target.host(), run.clock().instant()));
        Optional<Socket> socket =
                tlsRun.isPresent() ? secure(connection, tlsRun.get(), report) : Optional.of(connection.socket());
        if (socket.isEmpty()) {
            GrpcFacts.status(report, Status.Code.UNAVAILABLE);
            return;
        }
        var tap = new Tap();
        var failures = new GrpcFailures(
                connection, tlsRun, tap, call, new Redaction(call.metadata().secrets()));
        long start = System.nanoTime();
        try {
            Serving serving = call.check(connection, socket.get(), tap);
            GrpcFacts.health(report, serving);
            judge(serving, failures, report);
        } catch (StatusRuntimeException e) {
            GrpcFacts.status(report, e.getStatus().getCode());
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND && accepts(Serving.SERVICE_UNKNOWN)) {
                return;
            }
            Failure failure = failures.of(e.getStatus());
            if (failure.cause() == Cause.RESPONSE_TIMEOUT) {
                // the connection ends at the deadline too, and the library may see that first
                GrpcFacts.status(report, Status.Code.DEADLINE_EXCEEDED);
            }
            failure.tell(report);
            failures.evidence(e.getStatus()).ifPresent(text -> report.evidence("status", text));
        } finally {
            report.phase(GrpcFacts.CHECK_PHASE, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private static Optional<Socket> secure(Connection connection, TlsRun run, Report.Builder report)
            throws InterruptedIOException {
        Handshake.Outcome handshake = Handshake.over(connection, run, List.of(ALPN), report);
        handshake.failure().ifPresent(f -> f.tell(report));
        Optional<SSLSocket> socket = handshake.socket();
        if (socket.isEmpty()) {
            return Optional.empty();
        }
        GrpcFacts.secured(report);
        String chosen = socket.get().getApplicationProtocol();
        if (!ALPN.equals(chosen)) {
            report.fail(
                    Cause.HTTP_VERSION,
                    "the server did not agree to HTTP/2 in the TLS handshake (ALPN), which gRPC needs");
            return Optional.empty();
        }
        return socket.map(Socket.class::cast);
    }

    private boolean accepts(Serving serving) {
        return expect.statuses().contains(serving);
    }

    private void judge(Serving serving, GrpcFailures failures, Report.Builder report) {
        if (accepts(serving)) {
            return;
        }
        String of = call.service().isEmpty() ? "the server" : "service \"" + call.service() + "\"";
        Failure failure =
                switch (serving) {
                    case SERVICE_UNKNOWN -> failures.unknownService();
                    case SERVING ->
                        new Failure(Cause.CONTENT_MISMATCH, of + " is SERVING, expected " + expect.wanted());
                    case NOT_SERVING, UNKNOWN ->
                        new Failure(
                                Cause.HEALTH_DOWN,
                                of + " reports " + serving.name() + ", expected " + expect.wanted());
                };
        failure.tell(report);
    }
}
