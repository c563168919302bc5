package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.NetFailures;
import dev.gatewatch.probes.tls.TlsFailures;
import dev.gatewatch.probes.tls.TlsRun;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.util.Optional;
import okhttp3.internal.http2.ConnectionShutdownException;
import okhttp3.internal.http2.StreamResetException;

/**
 * Names the cause of an exchange that ended with an exception, by the phase that was open. Pure functions of what it is made with.
 *
 * @param received bytes that came over the connection
 * @param proxied whether the address connected to is a proxy's
 */
record HttpFailures(PhaseClock clock, Deadline deadline, Optional<TlsRun> tls, long received, boolean proxied) {
    /** What OkHttp reads of a response's head. */
    private static final long LONGEST_HEAD = 256 * 1_024;


    /** Why the head of a response did not come. */
    Failure of(IOException e, InetSocketAddress at) {
        if (e instanceof ProxyException refused) {
            return refused.failure();
        }
        Phase phase = clock.open().orElse(Phase.PROCESSING);
        boolean late = isLate(e);
        return switch (phase) {
            case TOKEN, RESOLVE, CONNECT -> NetFailures.connect(e, at, clock.running());
            case PROXY -> proxy(at, late);
            case TLS ->
                late
                        ? responseTimeout()
                        : tls.map(run -> TlsFailures.handshake(e, run, clock.running()))
                                .orElseGet(() -> head(e));
            case PROCESSING, TRANSFER -> late ? responseTimeout() : head(e);
        };
    }

    /**
     * Why a body did not come in full.
     *
     * @param read bytes that came out, after decompression
     * @param announced Content-Length, or -1
     */
    Failure ofBody(IOException e, long read, long announced) {
        String got = Sizes.format(read) + (announced > 0 ? " of " + Sizes.format(announced) : "");
        if (isLate(e)) {
            return new Failure(
                    Cause.BODY_TIMEOUT,
                    "the body was not complete within " + Durations.format(deadline.timeout()) + ": " + got + " read");
        }
        if (e instanceof EOFException || e instanceof ProtocolException || text(e).contains("unexpected end")) {
            return new Failure(Cause.BODY_TRUNCATED, "the connection ended within the body: " + got + " read");
        }
        return new Failure(Cause.CONNECTION_RESET, "the peer cut the connection within the body: " + got + " read");
    }

    private Failure proxy(InetSocketAddress at, boolean late) {
        return new Failure(
                Cause.PROXY_FAILED,
                Tunnel.name(at)
                        + (late
                                ? " did not answer within " + Durations.format(clock.running())
                                : " cut the connection without an answer"));
    }

    private Failure head(IOException e) {
        Optional<Failure> alert = tls.flatMap(run -> TlsFailures.afterHandshake(e, run));
        if (alert.isPresent()) {
            return alert.get();
        }
        if (e instanceof ProtocolException) {
            boolean notHttp = detail(e).startsWith("Unexpected status line");
            return new Failure(
                    Cause.HTTP_VERSION,
                    (notHttp ? "the answer is not HTTP: " : "the answer breaks the rules of HTTP: ") + detail(e));
        }
        // the library ends an overlong head as if the peer had; a head that is short of its bound was really cut
        if (isEndOfStream(e) && received > LONGEST_HEAD) {
            return new Failure(Cause.BODY_TOO_LARGE, "the response's headers are larger than 256 kB");
        }
        Failure cut = cut(e);
        boolean certificateMissed = tls.isPresent()
                && tls.get().clientCertificateAsked()
                && !tls.get().clientCertificateSent()
                && cut.cause() == Cause.CONNECTION_RESET;
        // since TLS 1.3 the server says so only after the handshake, and the reset often overtakes its alert
        return certificateMissed
                ? new Failure(
                        Cause.CLIENT_CERT_REQUIRED,
                        "the server asked for a client certificate, got none, and cut the connection")
                : cut;
    }

    private Failure cut(IOException e) {
        if (e instanceof StreamResetException || e instanceof ConnectionShutdownException) {
            return new Failure(Cause.CONNECTION_RESET, "the server gave up the HTTP/2 stream: " + detail(e));
        }
        return isEndOfStream(e)
                ? new Failure(Cause.CONNECTION_RESET, "the server closed the connection without a response")
                : NetFailures.read(e, "waiting for the response", clock.running());
    }

    private Failure responseTimeout() {
        Phase longest = clock.longest();
        String doing =
                switch (longest) {
                    case TOKEN -> "getting a token";
                    case RESOLVE -> "resolving the name";
                    case CONNECT -> proxied ? "connecting to the proxy" : "connecting";
                    case PROXY -> "the proxy";
                    case TLS -> "the TLS handshake";
                    case PROCESSING -> "waiting for the response";
                    case TRANSFER -> "reading the response";
                };
        return new Failure(
                Cause.RESPONSE_TIMEOUT,
                "no response within " + Durations.format(deadline.timeout()) + "; "
                        + Durations.format(clock.took(longest)) + " went to " + doing + " (" + longest.label() + ")");
    }

    /** The call's own time-out is the deadline; OkHttp says so by this type, whatever was going on. */
    private boolean isLate(IOException e) {
        return deadline.passed() || (e instanceof InterruptedIOException && "timeout".equals(e.getMessage()));
    }

    private static boolean isEndOfStream(IOException e) {
        return e instanceof EOFException || e.getCause() instanceof EOFException;
    }

    private static String detail(IOException e) {
        return String.valueOf(e.getMessage());
    }

    private static String text(IOException e) {
        return String.valueOf(e.getMessage());
    }
}
