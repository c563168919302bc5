package dev.gatewatch.probes.tcp;

import com.google.re2j.Pattern;
import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.NetFailures;
import dev.gatewatch.probes.tls.TlsFailures;
import dev.gatewatch.probes.tls.TlsRun;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The steps of one run, taken in turn over one connection. Confined to the run's thread. */
final class Dialogue {
    /** As much of an unexpected text as a message quotes. */
    private static final int QUOTED = 80;

    private final List<Step> steps;
    private final Connection connection;
    private final Optional<TlsRun> tls;
    private final Report.Builder report;
    private final Received received = new Received();

    Dialogue(List<Step> steps, Connection connection, Optional<TlsRun> tls, Report.Builder report) {
        this.steps = steps;
        this.connection = connection;
        this.tls = tls;
        this.report = report;
    }

    /** Switches the connection to TLS; nothing after it told the report why it could not. */
    @FunctionalInterface
    interface Upgrade {
        Optional<Socket> start() throws InterruptedIOException;
    }

    /** Takes all steps; what goes wrong is told to the report. */
    void run(Socket first, Upgrade upgrade) throws InterruptedIOException {
        Socket socket = first;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            String doing = "step " + (i + 1) + " of the dialogue";
            Optional<Failure> failure = take(step, socket, doing);
            if (failure.isPresent()) {
                report.fact(TcpProbeType.FAILED_DUE_TO_REGEX, failure.get().cause() == Cause.CONTENT_MISMATCH);
                failure.get().tell(report);
                evidence();
                return;
            }
            if (step.startTls()) {
                Optional<Socket> secured = upgrade.start();
                if (secured.isEmpty()) {
                    evidence();
                    return;
                }
                received.clear();
                socket = secured.get();
            }
        }
        report.fact(TcpProbeType.FAILED_DUE_TO_REGEX, false);
    }

    private Optional<Failure> take(Step step, Socket socket, String doing) throws InterruptedIOException {
        long start = System.nanoTime();
        try {
            if (step.expect().isPresent()) {
                Optional<Failure> missing = await(step.expect().get(), socket, doing);
                if (missing.isPresent()) {
                    return missing;
                }
            }
            if (step.send().isPresent()) {
                socket.getOutputStream().write(step.send().get().text().getBytes(StandardCharsets.UTF_8));
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(connection.failure(e, timedOut(step, doing), x -> cut(x, doing)));
        } finally {
            report.phase(TcpProbeType.DIALOGUE_PHASE, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private Failure cut(IOException e, String doing) {
        return tls.flatMap(run -> TlsFailures.afterHandshake(e, run))
                .orElseGet(() -> NetFailures.read(e, "taking " + doing, connection.deadline().elapsed()));
    }

    private Optional<Failure> await(Pattern wanted, Socket socket, String doing) throws IOException {
        while (!received.find(wanted)) {
            if (received.isFull()) {
                return Optional.of(mismatch(wanted, doing, "within " + Received.MOST / 1024 + " kB"));
            }
            if (!received.readFrom(socket.getInputStream())) {
                return Optional.of(
                        received.isEmpty()
                                ? new Failure(
                                        Cause.CONNECTION_RESET,
                                        "the peer closed the connection in " + doing + " without a word")
                                : mismatch(wanted, doing, "before the peer closed the connection"));
            }
        }
        return Optional.empty();
    }

    private Failure timedOut(Step step, String doing) {
        String within = "within " + Durations.format(connection.deadline().timeout());
        return step.expect().isPresent() && received.hasUnmatched()
                ? mismatch(step.expect().get(), doing, within)
                : new Failure(Cause.RESPONSE_TIMEOUT, "nothing came " + within + " in " + doing);
    }

    private Failure mismatch(Pattern wanted, String doing, String when) {
        String seen = received.hasUnmatched() ? ", got: " + masked(received.unmatchedHead(QUOTED)) : "";
        return new Failure(
                Cause.CONTENT_MISMATCH, "expected /" + wanted.pattern() + "/ " + when + " in " + doing + seen);
    }

    private void evidence() {
        if (!received.isEmpty()) {
            report.evidence("received", masked(received.shown()));
        }
    }

    private String masked(String text) {
        String masked = text;
        for (Step step : steps) {
            Optional<Secret> secret = step.send().flatMap(Step.Sent::secret);
            masked = secret.isPresent() ? secret.get().maskedIn(masked) : masked;
        }
        return masked;
    }
}
