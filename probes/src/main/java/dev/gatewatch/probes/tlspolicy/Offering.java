package dev.gatewatch.probes.tlspolicy;

import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.Attempt;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.starttls.StartTls;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes offers to one address of a server, a connection each, one after the other. Confined to the run's thread.
 *
 * @param serverName to send as SNI
 */
record Offering(
        Connector connector,
        String host,
        InetSocketAddress to,
        Optional<StartTls> startTls,
        Optional<String> serverName,
        Deadline run) {
    /** An answer that takes longer counts as silence as soon as there is little time left for the other offers. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /**
     * Makes an offer.
     *
     * @param left how many offers are to be made with the time that is left, this one included
     * @throws InterruptedIOException when the run was interrupted
     */
    Answer make(Offer offer, int left) throws InterruptedIOException {
        if (run.passed()) {
            return new Answer.Unasked();
        }
        Deadline deadline = Deadline.after(share(left));
        Attempt attempt = connector.attempt(host, to, deadline.leftMillis(), deadline);
        if (attempt.connection().isEmpty()) {
            return new Answer.Unconnected(attempt.failure().orElseThrow());
        }
        try (Connection connection = attempt.connection().get()) {
            if (startTls.isPresent()) {
                Optional<Failure> refused = startTls.get().over(connection);
                if (refused.isPresent()) {
                    return new Answer.Unconnected(refused.get());
                }
            }
            return ask(connection, offer);
        }
    }

    private Answer ask(Connection connection, Offer offer) throws InterruptedIOException {
        try {
            connection.socket().getOutputStream().write(ClientHello.of(offer, serverName));
            return new ServerAnswer(connection.socket().getInputStream()).to(offer);
        } catch (EOFException _) {
            return new Answer.Closed();
        } catch (IOException e) {
            if (connection.deadline().passed()) {
                return new Answer.Silent(connection.deadline().timeout());
            }
            connection.checkInterrupted();
            return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("closed")
                    ? new Answer.Closed()
                    : new Answer.Reset();
        }
    }

    /** An equal part of what is left, or more while there is plenty: most answers take much less. */
    private Duration share(int left) {
        Duration equal = run.left().dividedBy(Math.max(1, left));
        Duration half = run.left().dividedBy(2);
        Duration ample = half.compareTo(PATIENCE) < 0 ? half : PATIENCE;
        Duration share = equal.compareTo(ample) > 0 ? equal : ample;
        return share.toMillis() < 1 ? Duration.ofMillis(1) : share;
    }
}
