package dev.gatewatch.probes.nativenet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;

/** Answers ICMPv4 echo requests of one peer as the test wants it, in the place of a kernel that does not. */
public final class EchoResponder implements AutoCloseable {
    private static final int NON_BLOCKING = 0x800;
    private static final int ICMP = 1;

    private final Thread thread;

    private EchoResponder(Thread thread) {
        this.thread = thread;
    }

    /**
     * Starts on the calling thread's network.
     *
     * @param answers the payload-changing answers to the request of a number: 0 leaves a reply as it is, other numbers are added to its
     *     last byte; an empty list drops the request
     */
    public static EchoResponder start(String peer, IntFunction<List<Integer>> answers) throws IOException {
        int socket = Libc.socket(Family.IP4.number(), 3 | NON_BLOCKING, ICMP);
        try (Arena arena = Arena.ofConfined()) {
            Libc.connect(socket, SocketAddresses.of(new InetSocketAddress(InetAddress.ofLiteral(peer), 0), arena));
        }
        return new EchoResponder(Thread.ofPlatform().daemon().start(() -> serve(socket, answers)));
    }

    private static void serve(int socket, IntFunction<List<Integer>> answers) {
        try (Arena arena = Arena.ofConfined()) {
            var message = new Message(arena, Family.IP4, 2_000);
            while (Poller.SHARED.await(socket, Poller.READABLE, Duration.ofMinutes(1))) {
                byte[] packet = message.packet(Libc.receive(socket, message.prepared(), 0)).bytes();
                ByteBuffer icmp = ByteBuffer.wrap(packet, 20, packet.length - 20).slice();
                if (icmp.get(0) == 8) {
                    for (int change : answers.apply(icmp.getShort(6))) {
                        answer(socket, icmp, change);
                    }
                }
            }
        } catch (IOException _) {
            // interrupted
        } finally {
            Libc.close(socket);
        }
    }

    private static void answer(int socket, ByteBuffer request, int change) throws IOException {
        byte[] reply = new byte[request.capacity()];
        request.duplicate().get(0, reply);
        reply[0] = 0;
        reply[2] = 0;
        reply[3] = 0;
        reply[reply.length - 1] += (byte) change;
        int sum = 0;
        for (int i = 0; i < reply.length; i++) {
            sum += (reply[i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum = ~(sum + (sum >>> 16));
        reply[2] = (byte) (sum >> 8);
        reply[3] = (byte) sum;
        try (Arena once = Arena.ofConfined()) {
            MemorySegment bytes = once.allocateFrom(JAVA_BYTE, reply);
            Libc.send(socket, bytes, 0);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
