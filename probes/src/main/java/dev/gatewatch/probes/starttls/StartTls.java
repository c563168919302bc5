package dev.gatewatch.probes.starttls;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.NetFailures;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A protocol that asks for TLS on a connection that began without it. */
public enum StartTls {
    /** RFC 3207; LMTP's LHLO is not among it. */
    SMTP,
    /** RFC 3501 section 6.2.1. */
    IMAP,
    /** RFC 2595 section 4. */
    POP3,
    /** RFC 4217 section 4. */
    FTP,
    /** SSLRequest of the frontend/backend protocol, section 55.2.11 of PostgreSQL's manual. */
    POSTGRESQL,
    /** SSLRequest of the client/server protocol; MariaDB's is the same. */
    MYSQL,
    /** The extended operation of RFC 4511 section 4.14. */
    LDAP,
    /** RFC 6120 section 5, as a client. */
    XMPP;

    /** The phase of what is said before TLS. */
    public static final String PHASE = "starttls";

    /** The key {@code starttls}. */
    public static final Key<StartTls> KEY = Key.optional(
            "starttls",
            Types.oneOf(StartTls.class),
            "Protocol in whose words to ask for TLS before speaking it: smtp, imap, pop3, ftp, postgresql, mysql, ldap or xmpp.");

    /** Speaks to the server until the next byte is TLS's. */
    private void talk(Peer peer) throws IOException, RefusedException {
        switch (this) {
            case SMTP -> LineProtocols.smtp(peer);
            case IMAP -> LineProtocols.imap(peer);
            case POP3 -> LineProtocols.pop3(peer);
            case FTP -> LineProtocols.ftp(peer);
            case XMPP -> LineProtocols.xmpp(peer);
            case POSTGRESQL -> BinaryProtocols.postgresql(peer);
            case MYSQL -> BinaryProtocols.mysql(peer);
            case LDAP -> BinaryProtocols.ldap(peer);
        }
    }

    /**
     * Asks for TLS; afterwards the handshake has to follow. Phase, and on failure what the server said, go into the report; the failure
     * is left to the caller to tell.
     *
     * @throws InterruptedIOException when the run was interrupted
     */
    public Optional<Failure> over(Connection connection, Report.Builder report) throws InterruptedIOException {
        long start = System.nanoTime();
        Answer answer = ask(connection);
        report.phase(PHASE, Duration.ofNanos(System.nanoTime() - start));
        if (answer.failure().isPresent() && !answer.heard().isEmpty()) {
            report.evidence("received before TLS", answer.heard());
        }
        return answer.failure();
    }

    /** As {@link #over}, without a report. */
    public Optional<Failure> over(Connection connection) throws InterruptedIOException {
        return ask(connection).failure();
    }

    private record Answer(Optional<Failure> failure, String heard) {}

    private Answer ask(Connection connection) throws InterruptedIOException {
        Peer peer;
        try {
            peer = new Peer(connection.socket(), connection.host());
        } catch (IOException e) {
            return new Answer(Optional.of(cut(e, connection, "its greeting")), "");
        }
        try {
            talk(peer);
            return new Answer(Optional.empty(), peer.heard());
        } catch (RefusedException e) {
            return new Answer(Optional.of(e.failure()), peer.heard());
        } catch (IOException e) {
            return new Answer(Optional.of(cut(e, connection, peer.waitingFor())), peer.heard());
        }
    }

    private Failure cut(IOException e, Connection connection, String waitingFor) throws InterruptedIOException {
        String doing = "waiting for " + waitingFor + " before TLS (" + name().toLowerCase(Locale.ROOT) + ")";
        var timedOut = new Failure(
                Cause.RESPONSE_TIMEOUT,
                "nothing came within " + Durations.format(connection.deadline().timeout()) + " while " + doing);
        return connection.failure(
                e, timedOut, x -> NetFailures.read(x, doing, connection.deadline().elapsed()));
    }
}
