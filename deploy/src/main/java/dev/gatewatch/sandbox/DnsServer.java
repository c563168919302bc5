package dev.gatewatch.sandbox;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;

/**
 * A name server on one loopback port, over UDP and TCP (RFC 1035, RFC 7766). A query that cannot be understood is left unanswered.
 * Safe for many threads.
 */
final class DnsServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DnsServer.class);

    private static final int LARGEST = 65_535;
    /** RFC 1035, section 4.2.1; a client may offer more by EDNS. */
    private static final int PLAIN_UDP = 512;
    /** The answer size that hardly ever gets fragmented (the DNS flag day of 2020). */
    private static final int SAFE_UDP = 1232;

    private static final int MAX_CONNECTIONS = 64;
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final int BIND_ATTEMPTS = 20;

    private final String name;
    private final Function<Message, Optional<Message>> replies;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    private DnsServer(String name, Function<Message, Optional<Message>> replies, DatagramSocket udp, ServerSocket tcp) {
        this.name = name;
        this.replies = replies;
        this.udp = udp;
        this.tcp = tcp;
    }

    /** Starts on any port that is free for both protocols. */
    static DnsServer start(String name, Function<Message, Optional<Message>> replies) throws IOException {
        for (int attempt = 1; ; attempt++) {
            ServerSocket tcp = new ServerSocket(0, 32, Loopback.ADDRESS);
            try {
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(Loopback.ADDRESS, tcp.getLocalPort()));
                DnsServer server = new DnsServer(name, replies, udp, tcp);
                Thread.ofVirtual().name(name + "-udp").start(server::serveUdp);
                Thread.ofVirtual().name(name + "-tcp").start(server::serveTcp);
                return server;
            } catch (IOException e) {
                tcp.close();
                if (attempt == BIND_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    int port() {
        return tcp.getLocalPort();
    }

    @Override
    public void close() {
        udp.close();
        HttpConnection.closeQuietly(tcp);
        connections.forEach(HttpConnection::closeQuietly);
    }

    private void serveUdp() {
        byte[] buffer = new byte[LARGEST];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                Message query = new Message(Arrays.copyOf(buffer, packet.getLength()));
                if (query.getHeader().getFlag(Flags.QR)) {
                    continue; // a reply to a reply would never end
                }
                Optional<Message> answer = reply(query);
                if (answer.isEmpty()) {
                    continue;
                }
                byte[] reply = answer.get().toWire(room(query));
                udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
            } catch (IOException | RuntimeException e) {
                log.debug("{} over UDP: {}", name, e.toString());
            }
        }
    }

    private static int room(Message query) {
        OPTRecord opt = query.getOPT();
        return opt == null ? PLAIN_UDP : Math.clamp(opt.getPayloadSize(), PLAIN_UDP, SAFE_UDP);
    }

    /** Nothing where the server is silent. */
    private Optional<Message> reply(Message query) {
        Optional<Message> reply = replies.apply(query);
        if (query.getOPT() != null) { // RFC 6891, section 6.1.1: answered in kind
            reply.ifPresent(r -> r.addRecord(new OPTRecord(SAFE_UDP, 0, 0), Section.ADDITIONAL));
        }
        return reply;
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                if (connections.size() >= MAX_CONNECTIONS) {
                    HttpConnection.closeQuietly(socket);
                } else {
                    connections.add(socket);
                    Thread.ofVirtual().name(name + "-tcp-client").start(() -> converse(socket));
                }
            } catch (IOException e) {
                log.debug("{} over TCP: {}", name, e.toString());
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            socket.setSoTimeout(Math.toIntExact(QUIET.toMillis()));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                Optional<Message> answer = reply(new Message(query));
                if (answer.isEmpty()) {
                    continue;
                }
                byte[] reply = answer.get().toWire(LARGEST);
                byte[] framed = new byte[reply.length + 2];
                framed[0] = (byte) (reply.length >> 8);
                framed[1] = (byte) reply.length;
                System.arraycopy(reply, 0, framed, 2, reply.length);
                out.write(framed);
                out.flush();
            }
        } catch (IOException | RuntimeException e) {
            log.trace("{} conversation ended: {}", name, e.toString()); // the usual end: the client hangs up
        } finally {
            connections.remove(socket);
        }
    }
}
