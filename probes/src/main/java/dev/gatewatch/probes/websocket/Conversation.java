package dev.gatewatch.probes.websocket;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.expect.AnswerJudge;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HttpVersion;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.NetFailures;
import dev.gatewatch.probes.tls.Handshake;
import dev.gatewatch.probes.tls.TlsFailures;
import dev.gatewatch.probes.tls.TlsRun;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Everything over one connection: TLS, the upgrade, the dialogue, the farewell. Confined to the run's thread. */
final class Conversation {
    private static final int SWITCHING = 101;
    private static final int FORBIDDEN = 403;
    private static final int BUFFER = 8_192;

    /** How long to wait for an error's body. */
    private static final int BODY_MILLIS = 500;

    /** How long to wait for the server's answer to our close: short, as it counts to the run's duration. */
    private static final Duration COURTESY = Duration.ofMillis(100);

    private final WebSocketConfig config;
    private final Connection connection;
    private final Run run;
    private final Redaction redaction;
    private final Report.Builder report;
    private final Optional<TlsRun> tls;

    private @Nullable Socket socket;
    private @Nullable Dialogue dialogue;

    Conversation(
            WebSocketConfig config, Connection connection, Run run, Redaction redaction, Report.Builder report) {
        this.config = config;
        this.connection = connection;
        this.run = run;
        this.redaction = redaction;
        this.report = report;
        this.tls = config.url().secure()
                ? Optional.of(config.tls().begin(config.url().http().host(), run.clock().instant()))
                : Optional.empty();
    }

    /**
     * Holds it; failures are told to the report, but for a refusal.
     *
     * @param credential the value of the Authorization header
     */
    Optional<WebSocketProbe.Refusal> run(Optional<Secret> credential) throws InterruptedIOException {
        Optional<Socket> secured = secure();
        if (secured.isEmpty()) {
            return Optional.empty();
        }
        socket = secured.get();
        try {
            var in = new BufferedInputStream(secured.get().getInputStream(), BUFFER);
            OutputStream out = secured.get().getOutputStream();
            Upgrade upgrade =
                    Upgrade.of(config.url(), config.headers(), credential, config.subprotocols(), run.traceId());
            Head head = ask(upgrade, in, out);
            report.fact(WebSocketFacts.STATUS, head.status());
            if (head.status() != SWITCHING) {
                return Optional.of(refusal(head, in, secured.get()));
            }
            Optional<Failure> wrong = upgrade.judge(head);
            if (wrong.isPresent()) {
                tell(wrong.get());
                evidence(head, ByteString.EMPTY);
                return Optional.empty();
            }
            report.fact(WebSocketFacts.UPGRADED, true);
            Optional.ofNullable(head.headers().get("Sec-WebSocket-Protocol"))
                    .ifPresent(chosen -> report.fact(WebSocketFacts.SUBPROTOCOL, chosen));
            talk(in, out);
        } catch (IOException e) {
            tell(connection.failure(e, unanswered(), this::notUpgraded));
        }
        return Optional.empty();
    }

    private Optional<Socket> secure() throws InterruptedIOException {
        if (tls.isEmpty()) {
            return Optional.of(connection.socket());
        }
        Handshake.Outcome handshake = Handshake.over(connection, tls.get(), List.of("http/1.1"), report);
        handshake.failure().ifPresent(f -> f.tell(report));
        return handshake.socket().map(Socket.class::cast);
    }

    private Head ask(Upgrade upgrade, InputStream in, OutputStream out) throws IOException {
        long start = System.nanoTime();
        try {
            upgrade.request().write(out);
            out.flush();
            return Head.read(in);
        } finally {
            report.phase(WebSocketFacts.PROCESSING_PHASE, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private WebSocketProbe.Refusal refusal(Head head, InputStream in, Socket from) throws IOException {
        from.setSoTimeout(Math.min(BODY_MILLIS, connection.deadline().leftMillis()));
        ByteString body = head.body(in);
        evidence(head, body);
        var answer = new Answer(
                config.url().http(),
                head.version().equals("1.0") ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1,
                head.status(),
                head.reason(),
                head.headers(),
                body.size(),
                new Answer.Body(body, Optional.empty()),
                config.hasCredential(),
                false);
        Failure failure = forbidden(answer, AnswerJudge.otherStatus(answer, SWITCHING, run.clock().instant()));
        String message = redaction.line("the server refused the WebSocket: " + failure.message());
        return new WebSocketProbe.Refusal(head.status(), new Failure(failure.cause(), message));
    }

    /** A 403 without a word: for want of a credential, of the right one, or of the Origin that the server wants to see. */
    private Failure forbidden(Answer answer, Failure general) {
        if (answer.status() != FORBIDDEN || general.cause() != Cause.HTTP_STATUS) {
            return general;
        }
        boolean origin = config.headers().keySet().stream().anyMatch("origin"::equalsIgnoreCase);
        return new Failure(
                config.hasCredential() ? Cause.CREDENTIAL_REJECTED : Cause.CREDENTIAL_MISSING,
                general.message()
                        + (config.hasCredential() ? "; the credential was rejected" : "; no credential was sent")
                        + (origin ? "" : "; no Origin header either, which some servers want"));
    }

    private void talk(InputStream in, OutputStream out) throws InterruptedIOException {
        long start = System.nanoTime();
        var frames = new Frames(in, out, config.longestMessage());
        var said = new Dialogue(config, frames, connection, redaction, config.hasCredential(), report);
        dialogue = said;
        try {
            said.run().ifPresent(this::tell);
        } catch (IOException e) {
            tell(connection.failure(
                    e,
                    said.timedOut(),
                    x -> tls.flatMap(t -> TlsFailures.afterHandshake(x, t)).orElseGet(said::cut)));
        } finally {
            report.phase(WebSocketFacts.TRANSFER_PHASE, Duration.ofNanos(System.nanoTime() - start));
            said.tell(report.outcome() != Outcome.PASS);
        }
    }

    private void tell(Failure failure) {
        new Failure(failure.cause(), redaction.line(failure.message())).tell(report);
    }

    private void evidence(Head head, ByteString body) {
        var text = new StringBuilder("HTTP/" + head.version() + " " + head.status() + " " + head.reason() + "\n");
        head.headers().forEach(header -> text.append(header.getFirst())
                .append(": ")
                .append(header.getFirst().equalsIgnoreCase("set-cookie") ? Secret.MASK : header.getSecond())
                .append('\n'));
        if (body.size() > 0) {
            text.append('\n').append(body.substring(0, Math.min(body.size(), 2_048)).utf8());
        }
        report.evidence("response", redaction.block(text.toString()));
    }

    private Failure unanswered() {
        return new Failure(
                Cause.RESPONSE_TIMEOUT,
                "no answer to the upgrade request within "
                        + Durations.format(connection.deadline().timeout()));
    }

    private Failure notUpgraded(IOException e) {
        Optional<Failure> alert = tls.flatMap(t -> TlsFailures.afterHandshake(e, t));
        if (alert.isPresent()) {
            return alert.get();
        }
        if (e instanceof ProtocolException) {
            return new Failure(Cause.HTTP_VERSION, String.valueOf(e.getMessage()));
        }
        if (e instanceof Head.TooLarge) {
            return new Failure(Cause.BODY_TOO_LARGE, String.valueOf(e.getMessage()));
        }
        // since TLS 1.3 the server says so only after the handshake, and the reset often overtakes its alert
        if (tls.isPresent() && tls.get().clientCertificateAsked() && !tls.get().clientCertificateSent()) {
            return new Failure(
                    Cause.CLIENT_CERT_REQUIRED,
                    "the server asked for a client certificate, got none, and cut the connection");
        }
        return e instanceof EOFException
                ? new Failure(
                        Cause.CONNECTION_RESET, "the server closed the connection without answering the upgrade request")
                : NetFailures.read(
                        e, "waiting for the answer to the upgrade request", connection.deadline().elapsed());
    }

    /** Closes as a polite client does; what the server makes of it does not matter. */
    void leave() throws InterruptedIOException {
        if (socket == null || dialogue == null) {
            return;
        }
        try {
            socket.setSoTimeout((int) Math.min(COURTESY.toMillis(), connection.deadline().leftMillis()));
            dialogue.leave(COURTESY);
        } catch (IOException _) {
            connection.checkInterrupted();
        }
    }
}
