package dev.gatewatch.probes.tls;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Failure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A TLS handshake over a connection, with its phase and the chain's facts told to the report. Pure functions over one run. */
public final class Handshake {
    /** The phase that a handshake is reported as. */
    public static final String PHASE = "tls";

    /** How long to wait for a server that asked for a client certificate to say no, where it says nothing. */
    private static final int REJECTION_MILLIS = 1_000;

    private Handshake() {}

    /**
     * How a handshake ended: a socket or a failure.
     *
     * @param socket to speak TLS through
     * @param failure why there is none
     */
    public record Outcome(Optional<SSLSocket> socket, Optional<Failure> failure) {}

    /**
     * Makes the handshake; facts go into the report, the failure is left to the caller to tell.
     *
     * @throws InterruptedIOException when the run was interrupted
     */
    public static Outcome over(Connection connection, TlsRun run, Report.Builder report) throws InterruptedIOException {
        return over(connection, run, List.of(), report);
    }

    /**
     * As {@link #over(Connection, TlsRun, Report.Builder)}, offering application protocols (ALPN, RFC 7301).
     *
     * @param protocols by their registered names, the preferred one first; the socket tells which was chosen
     */
    public static Outcome over(Connection connection, TlsRun run, List<String> protocols, Report.Builder report)
            throws InterruptedIOException {
        long start = System.nanoTime();
        try {
            var socket = (SSLSocket) run.socketFactory()
                    .createSocket(connection.socket(), connection.host(), connection.port(), true);
            if (!protocols.isEmpty()) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setApplicationProtocols(protocols.toArray(String[]::new));
                socket.setSSLParameters(parameters);
            }
            socket.startHandshake();
            return new Outcome(Optional.of(socket), Optional.empty());
        } catch (IOException e) {
            Duration took = since(start);
            var timedOut = new Failure(
                    Cause.RESPONSE_TIMEOUT, "the TLS handshake did not end within " + Durations.format(took));
            return new Outcome(
                    Optional.empty(),
                    Optional.of(connection.failure(e, timedOut, x -> TlsFailures.handshake(x, run, took))));
        } finally {
            report.phase(PHASE, since(start));
            ChainFacts.put(report, run);
        }
    }

    /**
     * Says goodbye and hears whether the server rejected our client certificate, or the lack of one: with TLS 1.3 it may say so only
     * after the client's handshake is done. Nothing can be sent through the socket afterwards.
     */
    public static Optional<Failure> rejectionOnLeaving(SSLSocket socket, Connection connection, TlsRun run)
            throws InterruptedIOException {
        if (!run.clientCertificateAsked()) {
            return Optional.empty();
        }
        try {
            socket.setSoTimeout(Math.min(REJECTION_MILLIS, connection.deadline().leftMillis()));
            socket.shutdownOutput();
            var in = socket.getInputStream();
            byte[] sink = new byte[1_024];
            while (in.read(sink) >= 0 && !connection.deadline().passed()) {
                // what it says beside does not matter
            }
            return Optional.empty();
        } catch (SocketTimeoutException _) {
            return Optional.empty();
        } catch (IOException e) {
            if (connection.deadline().passed()) {
                return Optional.empty();
            }
            connection.checkInterrupted();
            return Optional.of(TlsFailures.afterHandshake(e, run).orElseGet(() -> TlsFailures.cutAfterAsking(run)));
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
