package dev.gatewatch.probes.icmp;

import dev.gatewatch.probes.nativenet.Family;
import dev.gatewatch.probes.nativenet.NativeException;
import dev.gatewatch.probes.nativenet.NativeSocket;
import dev.gatewatch.probes.nativenet.Packet;
import dev.gatewatch.probes.nativenet.SocketError;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;

/** Echo packets over a socket of the operating system. Confined to its thread. */
final class NativeEchoSocket implements EchoSocket {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A call may fail with an error that belongs to an earlier packet; so many in a row are not that. */
    private static final int MOST_ERRORS = 5;

    private final NativeSocket socket;
    private final boolean kernelSetsIdentifier;
    private final boolean ipHeaderInFront;
    private final EchoPacket packet;
    private final Deque<Echo> waiting = new ArrayDeque<>();

    NativeEchoSocket(NativeSocket socket, InetAddress to, int size) throws NativeException {
        this.socket = socket;
        int identifier = RANDOM.nextInt() & 0xFFFF;
        this.kernelSetsIdentifier = socket.kind() == NativeSocket.Kind.ICMP_DATAGRAM;
        this.ipHeaderInFront = !kernelSetsIdentifier && Family.of(to) == Family.IP4;
        this.packet = new EchoPacket(Family.of(to), identifier, RANDOM.nextLong(), size);
        if (!kernelSetsIdentifier) {
            socket.acceptOnly(identifier);
        }
    }

    @Override
    public void send(int sequence) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                socket.send(packet.request(sequence));
                return;
            } catch (NativeException e) {
                if (!takeErrors() || attempt == MOST_ERRORS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public Optional<Echo> next(Duration atMost) throws IOException {
        long end = System.nanoTime() + atMost.toNanos();
        int errors = 0;
        while (waiting.isEmpty()) {
            try {
                Optional<Packet> received = socket.receive();
                received.flatMap(this::reply).ifPresent(waiting::add);
                Duration left = Duration.ofNanos(end - System.nanoTime());
                if (received.isEmpty() && !takeErrors() && (!left.isPositive() || !socket.awaitReadable(left))) {
                    break;
                }
                if (!left.isPositive()) {
                    break;
                }
            } catch (NativeException e) {
                if (!takeErrors() && ++errors == MOST_ERRORS) {
                    throw e;
                }
            }
        }
        return Optional.ofNullable(waiting.poll());
    }

    /** Whether there were errors to take from the queue. */
    private boolean takeErrors() throws NativeException {
        boolean any = false;
        for (Optional<SocketError> e = socket.receiveError(); e.isPresent(); e = socket.receiveError()) {
            any = true;
            SocketError error = e.get();
            OptionalInt sequence = packet.quoted(error.about(), kernelSetsIdentifier);
            if (sequence.isPresent()) {
                waiting.add(new Echo.Refused(sequence.getAsInt(), error));
            }
        }
        return any;
    }

    private Optional<Echo> reply(Packet received) {
        byte[] bytes = ipHeaderInFront ? withoutIpHeader(received.bytes()) : received.bytes();
        OptionalInt sequence = packet.sequence(bytes, kernelSetsIdentifier);
        if (sequence.isEmpty()) {
            return Optional.empty();
        }
        if (packet.intact(bytes)) {
            return Optional.of(new Echo.Reply(sequence.getAsInt(), received.atNanos(), received.hopLimit()));
        }
        // another process' identifier may be the same by chance
        return !kernelSetsIdentifier && packet.foreign(bytes)
                ? Optional.empty()
                : Optional.of(new Echo.Damaged(sequence.getAsInt()));
    }

    /** RFC 791 section 3.1: the low four bits of the first byte count words of four bytes. */
    private static byte[] withoutIpHeader(byte[] bytes) {
        int length = bytes.length == 0 ? 0 : (bytes[0] & 0x0F) * 4;
        return Arrays.copyOfRange(bytes, Math.min(length, bytes.length), bytes.length);
    }

    @Override
    public void close() {
        socket.close();
    }
}
