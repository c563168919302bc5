package dev.gatewatch.probes.tcp;

import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.dialogue.Dialogue;
import dev.gatewatch.probes.dialogue.Step;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.starttls.StartTls;
import dev.gatewatch.probes.tls.Handshake;
import dev.gatewatch.probes.tls.TlsRun;
import dev.gatewatch.probes.tls.TlsSettings;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * What to say over a connection: TLS from its first byte, or after a protocol's words for it, or within the dialogue. Immutable.
 *
 * @param tls present where TLS is to be spoken at any time
 */
record Conversation(Optional<TlsSettings> tls, Optional<StartTls> startTls, List<Step> dialogue) {
    Conversation {
        dialogue = List.copyOf(dialogue);
    }

    /** Holds it; what it finds goes into the report. */
    void over(Connection connection, Run run, Report.Builder report) throws InterruptedIOException {
        Optional<TlsRun> tlsRun =
                tls.map(settings -> settings.begin(connection.host(), run.clock().instant()));
        Optional<Socket> socket = Optional.of(connection.socket());
        if (startTls.isPresent()) {
            Optional<Failure> refused = startTls.get().over(connection, report);
            if (refused.isPresent()) {
                refused.get().tell(report);
                return;
            }
        }
        if (tls.isPresent() && dialogue.stream().noneMatch(Step::startTls)) {
            socket = secure(connection, tlsRun, report);
        }
        if (socket.isPresent()) {
            Dialogue.begin(report);
        }
        if (socket.isPresent() && !dialogue.isEmpty()) {
            new Dialogue(dialogue, connection, tlsRun, report)
                    .run(socket.get(), () -> secure(connection, tlsRun, report));
        } else if (socket.isPresent() && socket.get() instanceof SSLSocket secured && tlsRun.isPresent()) {
            Handshake.rejectionOnLeaving(secured, connection, tlsRun.get()).ifPresent(f -> f.tell(report));
        }
    }

    private static Optional<Socket> secure(Connection connection, Optional<TlsRun> tlsRun, Report.Builder report)
            throws InterruptedIOException {
        Handshake.Outcome handshake = Handshake.over(connection, tlsRun.orElseThrow(), report);
        handshake.failure().ifPresent(f -> f.tell(report));
        return handshake.socket().map(Socket.class::cast);
    }
}
