package dev.gatewatch.probes.nameserver;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.function.Function;
import org.xbill.DNS.Message;

/** A DNS server on loopback whose answers a test writes: UDP and TCP on one port. Answering nothing means silence. */
public final class DnsPeer implements AutoCloseable {
    private final DatagramSocket udp;
    private final ServerSocket tcp;

    public DnsPeer(Function<Message, Optional<byte[]>> overUdp, Function<Message, Optional<byte[]>> overTcp) throws IOException {
        int port = DnsServers.freePort("127.0.0.1");
        udp = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        tcp = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> serveUdp(overUdp));
        Thread.ofVirtual().start(() -> serveTcp(overTcp));
    }

    public DnsPeer(Function<Message, Optional<byte[]>> answer) throws IOException {
        this(answer, answer);
    }

    public String address() {
        return "127.0.0.1:" + udp.getLocalPort();
    }

    private void serveUdp(Function<Message, Optional<byte[]>> answer) {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                var packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                var query = new Message(java.util.Arrays.copyOf(buffer, packet.getLength()));
                Optional<byte[]> reply = answer.apply(query);
                if (reply.isPresent()) {
                    udp.send(new DatagramPacket(reply.get(), reply.get().length, packet.getSocketAddress()));
                }
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serveTcp(Function<Message, Optional<byte[]>> answer) {
        while (!tcp.isClosed()) {
            try (Socket s = tcp.accept()) {
                var in = new DataInputStream(s.getInputStream());
                byte[] query = in.readNBytes(in.readUnsignedShort());
                Optional<byte[]> reply = answer.apply(new Message(query));
                if (reply.isPresent()) {
                    var out = new DataOutputStream(s.getOutputStream());
                    out.writeShort(reply.get().length);
                    out.write(reply.get());
                    out.flush();
                }
            } catch (IOException _) {
                if (tcp.isClosed()) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
