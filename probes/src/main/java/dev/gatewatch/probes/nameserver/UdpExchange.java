package dev.gatewatch.probes.nameserver;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.NetFailures;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.xbill.DNS.Message;

/**
 * Asks by datagrams from a socket and a port of its own. What does not fit the question (RFC 5452 section 9.1) is not believed and
 * waiting goes on; a lost question is sent again, as applications' resolvers do. Pure function over the network.
 */
final class UdpExchange {
    /** Between repetitions at most; less where little time is left in whole. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int MOST_IGNORED = 10_000;

    private UdpExchange() {}

    static Exchange ask(
            InetSocketAddress to, Optional<InetAddress> source, Message query, Deadline deadline, Stopwatch watch)
            throws NoReply, InterruptedIOException {
        watch.start();
        int ignored = 0;
        int sent = 0;
        String lastIgnored = "";
        try (var socket = new DatagramSocket(null)) {
            socket.bind(new InetSocketAddress(source.orElse(null), 0));
            // the kernel then drops packets of any other sender, and tells when nothing listens
            socket.connect(to);
            watch.connected();
            byte[] question = query.toWire();
            byte[] buffer = new byte[Packet.LONGEST];
            Duration patience = shorter(PATIENCE, deadline.left().dividedBy(3));
            var wait = Deadline.after(Duration.ZERO);
            while (!deadline.passed() && ignored < MOST_IGNORED) {
                if (wait.passed()) {
                    socket.send(new DatagramPacket(question, question.length));
                    sent++;
                    wait = Deadline.after(patience);
                }
                socket.setSoTimeout(Math.min(deadline.leftMillis(), wait.leftMillis()));
                var packet = new DatagramPacket(buffer, buffer.length);
                try {
                    socket.receive(packet);
                } catch (SocketTimeoutException _) {
                    continue;
                }
                switch (Packet.read(Arrays.copyOf(packet.getData(), packet.getLength()), query)) {
                    case Packet.Fitting fitting -> {
                        watch.answered();
                        return new Exchange(fitting.message(), watch.total(), sent - 1, ignored);
                    }
                    case Packet.Foreign foreign -> {
                        ignored++;
                        lastIgnored = foreign.why();
                    }
                    case Packet.Garbled garbled -> throw new NoReply(
                            Cause.DNS_MISMATCH, "the answer cannot be understood: " + garbled.why());
                }
            }
            throw silence(ignored, lastIgnored, deadline);
        } catch (PortUnreachableException _) {
            throw new NoReply(Cause.CONNECT_REFUSED, "nothing listens on UDP " + NetFailures.show(to));
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while asking " + NetFailures.show(to));
            }
            throw new NoReply(NetFailures.connect(e, to, deadline.elapsed()));
        } finally {
            watch.answered();
        }
    }

    private static NoReply silence(int ignored, String lastIgnored, Deadline deadline) {
        String within = "within " + Durations.format(deadline.timeout());
        return ignored == 0
                ? new NoReply(Cause.DNS_TIMEOUT, "no answer " + within)
                : new NoReply(
                        Cause.DNS_TIMEOUT,
                        "no answer " + within + " that could be believed; " + ignored
                                + (ignored == 1 ? " packet was" : " packets were") + " ignored, the last "
                                + lastIgnored);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
