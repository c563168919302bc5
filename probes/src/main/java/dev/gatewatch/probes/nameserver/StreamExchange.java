package dev.gatewatch.probes.nameserver;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.NetFailures;
import dev.gatewatch.probes.tls.Handshake;
import dev.gatewatch.probes.tls.TlsFailures;
import dev.gatewatch.probes.tls.TlsRun;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import org.xbill.DNS.Message;

/**
 * Asks over a TCP connection of its own, plain or in TLS; each message is led by its length in two bytes (RFC 1035 section 4.2.2). Pure
 * function over the network.
 */
final class StreamExchange {
    private StreamExchange() {}

    /**
     * Asks and waits.
     *
     * @param host the server as configured, for its certificate
     * @param tls for DNS over TLS
     */
    static Exchange ask(
            InetSocketAddress to,
            String host,
            Optional<InetAddress> source,
            Optional<TlsRun> tls,
            Message query,
            Deadline deadline,
            Stopwatch watch)
            throws NoReply, InterruptedIOException {
        watch.start();
        try (var connection = new Connection(connect(to, source, deadline, watch), host, deadline)) {
            Socket socket = connection.socket();
            if (tls.isPresent()) {
                Handshake.Outcome outcome = Handshake.over(connection, tls.get(), Report.builder());
                watch.secured();
                if (outcome.failure().isPresent()) {
                    throw new NoReply(outcome.failure().get());
                }
                socket = outcome.socket().orElseThrow();
            }
            try {
                send(socket, query);
                byte[] bytes = receive(socket);
                watch.answered();
                return new Exchange(fitting(bytes, query), watch.total(), 0, 0);
            } catch (IOException e) {
                watch.answered();
                var timedOut = new Failure(
                        Cause.DNS_TIMEOUT,
                        "it took the connection and gave no answer within " + Durations.format(deadline.timeout()));
                throw new NoReply(connection.failure(e, timedOut, x -> ended(x, tls, deadline)));
            }
        }
    }

    private static Failure ended(IOException e, Optional<TlsRun> tls, Deadline deadline) {
        return tls.flatMap(run -> TlsFailures.afterHandshake(e, run))
                .orElseGet(() -> NetFailures.read(e, "waiting for the answer", deadline.elapsed()));
    }

    private static Socket connect(
            InetSocketAddress to, Optional<InetAddress> source, Deadline deadline, Stopwatch watch)
            throws NoReply, InterruptedIOException {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            if (source.isPresent()) {
                socket.bind(new InetSocketAddress(source.get(), 0));
            }
            socket.connect(to, deadline.leftMillis());
            return socket;
        } catch (IOException e) {
            closeQuietly(socket);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while connecting to " + NetFailures.show(to));
            }
            throw new NoReply(NetFailures.connect(e, to, deadline.elapsed()));
        } finally {
            watch.connected();
        }
    }

    private static void send(Socket socket, Message query) throws IOException {
        byte[] question = query.toWire();
        // in one piece: some servers do not wait for the rest of one that comes in two
        var bytes = new ByteArrayOutputStream(question.length + 2);
        var out = new DataOutputStream(bytes);
        out.writeShort(question.length);
        out.write(question);
        socket.getOutputStream().write(bytes.toByteArray());
        socket.getOutputStream().flush();
    }

    private static byte[] receive(Socket socket) throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        byte[] bytes = new byte[in.readUnsignedShort()];
        in.readFully(bytes);
        return bytes;
    }

    /** Nobody else can speak within the connection: what does not fit is the server's fault. */
    static Message fitting(byte[] bytes, Message query) throws NoReply {
        return switch (Packet.read(bytes, query)) {
            case Packet.Fitting fitting -> fitting.message();
            case Packet.Foreign foreign -> throw new NoReply(Cause.DNS_MISMATCH, "it sent " + foreign.why());
            case Packet.Garbled garbled -> throw new NoReply(
                    Cause.DNS_MISMATCH, "the answer cannot be understood: " + garbled.why());
        };
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // it never was connected
        }
    }
}
