package dev.gatewatch.probes.nativenet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.Optional;

/** Socket addresses as the kernel wants them: {@code sockaddr_in} and {@code sockaddr_in6}. Pure functions. */
final class SocketAddresses {
    /** Of sockaddr_in6, the larger of the two. */
    static final int LONGEST = 28;

    private static final int LENGTH_4 = 16;
    private static final ValueLayout.OfShort PORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddresses() {}

    static MemorySegment of(InetSocketAddress address, Arena arena) {
        byte[] bytes = address.getAddress().getAddress();
        if (bytes.length == 4) {
            MemorySegment four = arena.allocate(LENGTH_4, 8);
            four.set(JAVA_SHORT, 0, (short) Family.IP4.number());
            four.set(PORT, 2, (short) address.getPort());
            MemorySegment.copy(bytes, 0, four, JAVA_BYTE, 4, bytes.length);
            return four;
        }
        MemorySegment six = arena.allocate(LONGEST, 8);
        six.set(JAVA_SHORT, 0, (short) Family.IP6.number());
        six.set(PORT, 2, (short) address.getPort());
        MemorySegment.copy(bytes, 0, six, JAVA_BYTE, 8, bytes.length);
        six.set(JAVA_INT, 24, address.getAddress() instanceof Inet6Address a ? a.getScopeId() : 0);
        return six;
    }

    /** The address in it; nothing where it is of another family or too short. */
    static Optional<InetAddress> read(MemorySegment at) {
        if (at.byteSize() < LENGTH_4) {
            return Optional.empty();
        }
        int family = at.get(JAVA_SHORT_UNALIGNED, 0);
        int from = family == Family.IP4.number() ? 4 : 8;
        int length = family == Family.IP4.number() ? 4 : 16;
        if ((family != Family.IP4.number() && family != Family.IP6.number()) || at.byteSize() < from + length) {
            return Optional.empty();
        }
        byte[] bytes = at.asSlice(from, length).toArray(JAVA_BYTE);
        try {
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are addresses", e);
        }
    }
}
