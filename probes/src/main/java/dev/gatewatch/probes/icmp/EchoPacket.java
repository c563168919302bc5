package dev.gatewatch.probes.icmp;

import dev.gatewatch.probes.nativenet.Family;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Echo requests and replies as bytes (RFC 792, RFC 4443 section 4). Immutable.
 *
 * <p>The payload begins with as much of a random number as has room, so that replies to others on the machine are told apart; the
 * rest is the alphabet.
 */
final class EchoPacket {
    static final int HEADER = 8;

    private static final int REQUEST_4 = 8;
    private static final int REQUEST_6 = 128;
    private static final int REPLY_4 = 0;
    private static final int REPLY_6 = 129;

    private final Family family;
    private final int identifier;
    private final byte[] payload;

    /**
     * The packets of one socket.
     *
     * @param identifier as on the wire, unless the kernel sets its own
     * @param cookie what makes the payload unlike others
     */
    EchoPacket(Family family, int identifier, long cookie, int size) {
        this.family = family;
        this.identifier = identifier & 0xFFFF;
        this.payload = new byte[size];
        for (int i = 0; i < size; i++) {
            payload[i] = i < Long.BYTES ? (byte) (cookie >> (8 * i)) : (byte) ('a' + i % 26);
        }
    }

    byte[] request(int sequence) {
        ByteBuffer packet = ByteBuffer.allocate(HEADER + payload.length)
                .put((byte) (family == Family.IP4 ? REQUEST_4 : REQUEST_6))
                .put((byte) 0)
                .putShort((short) 0)
                .putShort((short) identifier)
                .putShort((short) sequence)
                .put(payload);
        if (family == Family.IP4) {
            // the kernel does it for ICMPv6 and datagram sockets; theirs is then the same
            packet.putShort(2, checksum(packet.array()));
        }
        return packet.array();
    }

    /** The number of the request that this is a reply to; nothing for any other packet. */
    OptionalInt sequence(byte[] packet, boolean anyIdentifier) {
        int type = family == Family.IP4 ? REPLY_4 : REPLY_6;
        return packet.length >= HEADER && (packet[0] & 0xFF) == type ? quoted(packet, anyIdentifier) : OptionalInt.empty();
    }

    /** The number of the request whose head this is; nothing where it is not one of ours or too short to tell. */
    OptionalInt quoted(byte[] packet, boolean anyIdentifier) {
        if (packet.length < HEADER) {
            return OptionalInt.empty();
        }
        ByteBuffer head = ByteBuffer.wrap(packet);
        boolean ours = anyIdentifier || (head.getShort(4) & 0xFFFF) == identifier;
        return ours ? OptionalInt.of(head.getShort(6) & 0xFFFF) : OptionalInt.empty();
    }

    /** Whether a reply carries what the request did. */
    boolean intact(byte[] packet) {
        return packet.length >= HEADER && Arrays.equals(packet, HEADER, packet.length, payload, 0, payload.length);
    }

    /** Whether a reply with a wrong content may be someone else's: where the content begins otherwise, it is. */
    boolean foreign(byte[] packet) {
        int cookie = Math.min(Long.BYTES, payload.length);
        return packet.length < HEADER + cookie
                || !Arrays.equals(packet, HEADER, HEADER + cookie, payload, 0, cookie);
    }

    /** The Internet checksum (RFC 1071). */
    static short checksum(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += (bytes[i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (short) ~sum;
    }
}
