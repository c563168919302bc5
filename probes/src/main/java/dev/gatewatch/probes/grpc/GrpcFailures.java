package dev.gatewatch.probes.grpc;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.tls.TlsFailures;
import dev.gatewatch.probes.tls.TlsRun;
import io.grpc.Status;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names the cause of a health check that was not answered with a health. A status comes from the server, from a proxy that speaks no
 * gRPC, or from the library itself after the connection broke; what was heard on the wire tells which. Pure functions of what it is made
 * with.
 *
 * @param call what was sent
 * @param redaction for the peer's own words
 */
record GrpcFailures(
        Connection connection, Optional<TlsRun> tls, Tap tap, HealthCall call, Redaction redaction) {
    /** The library's words for an HTTP answer that is not gRPC's. */
    private static final Pattern HTTP_STATUS = Pattern.compile("(?s)^HTTP status code (\\d{3})\\b.*");

    private static final Pattern CONTENT_TYPE = Pattern.compile("invalid content-type: ([^\\s;]{1,100})");

    /** As much of the peer's own words as a message quotes. */
    private static final int QUOTED = 200;

    /** Type of a TLS alert's record (RFC 8446, section 5.1), which opens a TLS server's answer to plain text. */
    private static final byte TLS_ALERT = 0x15;

    /** Type of a SETTINGS frame, which opens each side of HTTP/2 (RFC 9113, section 3.4). */
    private static final byte SETTINGS = 4;

    /**
     * The failure behind a status.
     *
     * @throws InterruptedIOException when the run was interrupted, which is nobody's failure
     */
    Failure of(Status status) throws InterruptedIOException {
        connection.checkInterrupted();
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED || connection.deadline().passed()) {
            return timedOut();
        }
        Optional<Failure> broken = status.getCode() == Status.Code.UNAVAILABLE
                        || status.getCode() == Status.Code.INTERNAL
                        || status.getCode() == Status.Code.UNKNOWN
                ? wire(status)
                : Optional.empty();
        return broken.or(() -> notGrpc(status)).orElseGet(() -> told(status));
    }

    private Failure timedOut() {
        return new Failure(
                Cause.RESPONSE_TIMEOUT,
                "no answer to the health check within "
                        + Durations.format(connection.deadline().timeout()));
    }

    /** What the bytes on the wire say; nothing where the peer speaks HTTP/2 and its connection did not break. */
    private Optional<Failure> wire(Status status) {
        byte[] head = tap.head();
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.startsWith("HTTP/1.")) {
            return Optional.of(new Failure(
                    Cause.HTTP_VERSION,
                    "the server speaks HTTP/1.1, not the HTTP/2 that gRPC needs; it says: " + quoted(firstLine(text))));
        }
        if (tls.isEmpty() && head.length >= 3 && head[0] == TLS_ALERT && head[1] == 3) {
            return Optional.of(new Failure(Cause.TLS_HANDSHAKE, "the server wants TLS on this port; set tls: true"));
        }
        if (head.length > 3 && head[3] != SETTINGS) {
            return Optional.of(new Failure(
                    Cause.HTTP_VERSION,
                    "the server does not speak HTTP/2; it says: " + quoted(firstLine(text))));
        }
        if (tap.flooded()) {
            return Optional.of(new Failure(
                    Cause.BODY_TOO_LARGE,
                    "the server sent more than " + Tap.FLOOD / 1_024 + " kB and no answer to the health check"));
        }
        boolean ended = status.getCause() instanceof IOException
                || String.valueOf(status.getDescription()).contains("End of stream or IOException");
        if (!ended) {
            return Optional.empty();
        }
        // the library drops the exception with the alert in it
        Optional<Failure> alert = tls.flatMap(run -> tap.broken().flatMap(e -> TlsFailures.afterHandshake(e, run)));
        return Optional.of(alert.orElseGet(() -> cut(head.length)));
    }

    /** Since TLS 1.3 a server rejects a client's certificate only after the handshake, and its reset may overtake its alert. */
    private Failure cut(int heard) {
        if (heard == 0 && tls.isPresent() && tls.get().clientCertificateAsked()) {
            return tls.get().clientCertificateSent()
                    ? new Failure(
                            Cause.CLIENT_CERT_REJECTED,
                            "the server asked for our client certificate, got it, and cut the connection without saying why")
                    : new Failure(
                            Cause.CLIENT_CERT_REQUIRED,
                            "the server asked for a client certificate, got none, and cut the connection");
        }
        return new Failure(
                Cause.CONNECTION_RESET,
                heard == 0
                        ? "the server cut the connection without a word of HTTP/2"
                        : "the server cut the connection before it answered the health check");
    }

    /** An answer in HTTP/2 that is not gRPC's: a proxy's, or another service's. */
    private Optional<Failure> notGrpc(Status status) {
        String description = String.valueOf(status.getDescription());
        Matcher http = HTTP_STATUS.matcher(description);
        if (!http.matches()) {
            return Optional.empty();
        }
        int code = Integer.parseInt(http.group(1));
        Matcher type = CONTENT_TYPE.matcher(description);
        String what = "HTTP " + code + (type.find() ? " with " + quoted(type.group(1)) : "") + " instead of gRPC";
        return Optional.of(
                switch (code) {
                    case 401 -> unauthenticated("the server answered " + what);
                    case 403 -> new Failure(Cause.PERMISSION_MISSING, "the server answered " + what + ": forbidden");
                    case 429 -> new Failure(Cause.RATE_LIMITED, "the server answered " + what + ": too many requests");
                    case 503 -> new Failure(Cause.SERVER_OVERLOADED, "the server answered " + what + ": unavailable");
                    case 200 ->
                        new Failure(
                                Cause.CONTENT_MISMATCH,
                                "the server answered " + what + ": another service listens on this port");
                    default ->
                        new Failure(
                                Cause.HTTP_STATUS,
                                "the server answered " + what + ": a proxy without a route for gRPC, or another service");
                });
    }

    private Failure told(Status status) {
        String said = status.getCode().name() + reason(status);
        return switch (status.getCode()) {
            case NOT_FOUND -> unknownService();
            case UNIMPLEMENTED ->
                new Failure(
                        Cause.CONTENT_MISMATCH,
                        "the server speaks gRPC and has no health service (grpc.health.v1.Health): " + said);
            case UNAUTHENTICATED -> unauthenticated("the server answered " + said);
            case PERMISSION_DENIED ->
                new Failure(Cause.PERMISSION_MISSING, "the caller may not ask for the health: " + said);
            case RESOURCE_EXHAUSTED -> exhausted(status, said);
            case UNAVAILABLE ->
                new Failure(Cause.SERVER_OVERLOADED, "the server says that it is not available: " + said);
            case INVALID_ARGUMENT, OUT_OF_RANGE ->
                new Failure(Cause.REQUEST_INVALID, "the server calls the request invalid: " + said);
            case INTERNAL -> new Failure(Cause.CONTENT_MISMATCH, "the answer breaks the rules of gRPC: " + said);
            case DEADLINE_EXCEEDED -> timedOut();
            case OK, CANCELLED, UNKNOWN, ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED, DATA_LOSS ->
                new Failure(Cause.REQUEST_REFUSED, "the server answered " + said);
        };
    }

    /** The server's own status, unless the library found the answer too large. */
    private static Failure exhausted(Status status, String said) {
        boolean ours = String.valueOf(status.getDescription()).contains("exceeds maximum");
        return ours
                ? new Failure(Cause.BODY_TOO_LARGE, "the answer is larger than a health answer can be: " + said)
                : new Failure(Cause.RATE_LIMITED, "the server has no more room for our requests: " + said);
    }

    private Failure unauthenticated(String what) {
        return call.metadata().hasCredential()
                ? new Failure(Cause.CREDENTIAL_REJECTED, what + "; the credential in the metadata was rejected")
                : new Failure(Cause.CREDENTIAL_MISSING, what + "; no credential was sent in the metadata");
    }

    /** What it means that the server knows no such service, whether said by a status or in an answer. */
    Failure unknownService() {
        return new Failure(
                Cause.REQUEST_INVALID,
                call.service().isEmpty()
                        ? "the server reports no health for itself as a whole; set service to one that it reports"
                        : "the server knows no service \"" + call.service() + "\" (NOT_FOUND); check the key service");
    }

    /** The status with all its words, where it has more than a message quotes. */
    Optional<String> evidence(Status status) {
        return Optional.ofNullable(status.getDescription())
                .filter(description -> description.strip().indexOf('\n') >= 0 || description.length() > QUOTED)
                .map(description -> redaction.block(status.getCode() + ": " + description));
    }

    private String reason(Status status) {
        String description = status.getDescription();
        return description == null || description.isBlank() ? "" : " (" + quoted(firstLine(description)) + ")";
    }

    private String quoted(String text) {
        String line = redaction.line(text);
        return line.length() <= QUOTED ? line : line.substring(0, QUOTED) + "…";
    }

    private static String firstLine(String text) {
        String stripped = text.strip();
        int end = stripped.indexOf('\n');
        return (end < 0 ? stripped : stripped.substring(0, end)).strip();
    }
}
