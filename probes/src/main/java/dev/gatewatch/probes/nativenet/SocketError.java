package dev.gatewatch.probes.nativenet;

import java.net.InetAddress;
import java.util.Optional;

/**
 * What the network, or this machine, answered to a packet in the place of its target: an entry of a socket's error queue
 * ({@code struct sock_extended_err}, ip(7)). Immutable, but for its bytes.
 *
 * @param errno what the kernel makes of it
 * @param answer what it means
 * @param type of the ICMP message (RFC 792, RFC 4443); 0 for an error of this machine
 * @param code of the ICMP message
 * @param info the next hop's MTU for {@link Answer#TOO_BIG}
 * @param from who sent the ICMP message; empty for an error of this machine
 * @param about the head of the packet that it is about, from its transport header's payload on (ICMP: from the ICMP header on)
 * @param atNanos when it came, on the scale of {@link System#nanoTime}
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, and not kept
public record SocketError(
        int errno, Answer answer, int type, int code, int info, Optional<InetAddress> from, byte[] about, long atNanos) {
    /** What an ICMP error means. */
    public enum Answer {
        /** There is no way from there on. */
        UNREACHABLE,
        /** A filter on the way forbids it. */
        PROHIBITED,
        /** The packet used up its hops. */
        EXPIRED,
        /** The host has nothing at the port, or does not speak the protocol. */
        REFUSED,
        /** The packet is too big for the next link and must not be cut. */
        TOO_BIG,
        /** Anything else. */
        OTHER
    }

    /** Origins in {@code ee_origin}. */
    private static final int LOCAL = 1;

    private static final int ICMP = 2;
    private static final int ICMP6 = 3;

    static Answer answer(int errno, int origin, int type, int code) {
        return switch (origin) {
            case LOCAL -> errno == Errno.EMSGSIZE ? Answer.TOO_BIG : Answer.OTHER;
            case ICMP -> answer4(type, code);
            case ICMP6 -> answer6(type, code);
            default -> Answer.OTHER;
        };
    }

    /** RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1. */
    private static Answer answer4(int type, int code) {
        return switch (type) {
            case 3 ->
                switch (code) {
                    case 2, 3 -> Answer.REFUSED;
                    case 4 -> Answer.TOO_BIG;
                    case 9, 10, 13, 14, 15 -> Answer.PROHIBITED;
                    default -> Answer.UNREACHABLE;
                };
            case 11 -> Answer.EXPIRED;
            default -> Answer.OTHER;
        };
    }

    /** RFC 4443 section 3. */
    private static Answer answer6(int type, int code) {
        return switch (type) {
            case 1 ->
                switch (code) {
                    case 1, 5 -> Answer.PROHIBITED;
                    case 4 -> Answer.REFUSED;
                    default -> Answer.UNREACHABLE;
                };
            case 2 -> Answer.TOO_BIG;
            case 3 -> Answer.EXPIRED;
            default -> Answer.OTHER;
        };
    }

    /** What was answered, in words that go after an address: {@code has no route to the network}. */
    public String words() {
        if (from.isEmpty()) {
            return answer == Answer.TOO_BIG ? "the packet is larger than the link's MTU of " + info : Errno.words(errno);
        }
        boolean six = from.get().getAddress().length == 16;
        return switch (answer) {
            case UNREACHABLE -> six ? unreachable6() : unreachable4();
            case PROHIBITED -> "forbids the packet (a filter)";
            case EXPIRED -> "dropped the packet, whose hops were used up";
            case REFUSED -> "has nothing at the port";
            case TOO_BIG -> "cannot pass on the packet, which is larger than the next link's MTU of " + info;
            case OTHER -> "answered with an ICMP message of type " + type + ", code " + code;
        };
    }

    private String unreachable4() {
        return switch (code) {
            case 0, 6, 11 -> "has no route to the network";
            case 1, 7, 8, 12 -> "cannot reach the host";
            default -> "says that the target is unreachable (code " + code + ")";
        };
    }

    private String unreachable6() {
        return switch (code) {
            case 0, 6 -> "has no route to the network";
            case 3 -> "cannot reach the host";
            default -> "says that the target is unreachable (code " + code + ")";
        };
    }
}
