package dev.gatewatch.probes.nativenet;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Room for one received message with its control messages ({@code struct msghdr}, {@code struct cmsghdr} of 64-bit Linux), and what
 * they say. Confined to its socket's thread.
 */
final class Message {
    private static final int CONTROL = 1_024;
    private static final int HEADER = 56;
    private static final int CONTROL_HEADER = 16;
    private static final int SOL_SOCKET = 1;
    private static final int TIMESTAMP = 35;

    /** struct sock_extended_err; the address of who sent it follows. */
    private static final int EXTENDED_ERROR = 16;

    private final Family family;
    private final MemorySegment header;
    private final MemorySegment name;
    private final MemorySegment data;
    private final MemorySegment control;

    Message(Arena arena, Family family, int largest) {
        this.family = family;
        this.header = arena.allocate(HEADER, 8);
        this.name = arena.allocate(SocketAddresses.LONGEST, 8);
        this.data = arena.allocate(largest, 8);
        this.control = arena.allocate(CONTROL, 8);
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(ADDRESS, 0, data);
        vector.set(JAVA_LONG, 8, largest);
        header.set(ADDRESS, 0, name);
        header.set(ADDRESS, 16, vector);
        header.set(JAVA_LONG, 24, 1);
        header.set(ADDRESS, 32, control);
    }

    /** The header, ready for another {@code recvmsg}. */
    MemorySegment prepared() {
        header.set(JAVA_INT, 8, SocketAddresses.LONGEST);
        header.set(JAVA_LONG, 40, CONTROL);
        header.set(JAVA_INT, 48, 0);
        return header;
    }

    /** What was received. */
    Packet packet(int length) {
        OptionalInt hops = find(family.level(), family.hopLimitMessage())
                .filter(m -> m.byteSize() >= Integer.BYTES)
                .map(m -> OptionalInt.of(m.get(JAVA_INT, 0)))
                .orElseGet(OptionalInt::empty);
        return new Packet(bytes(length), arrival(), hops);
    }

    /** What was received from the error queue. */
    Optional<SocketError> error(int length) {
        return find(family.level(), family.errors())
                .filter(m -> m.byteSize() >= EXTENDED_ERROR)
                .map(m -> {
                    int errno = m.get(JAVA_INT, 0);
                    int origin = m.get(JAVA_BYTE, 4);
                    int type = Byte.toUnsignedInt(m.get(JAVA_BYTE, 5));
                    int code = Byte.toUnsignedInt(m.get(JAVA_BYTE, 6));
                    Optional<InetAddress> from = SocketAddresses.read(m.asSlice(EXTENDED_ERROR));
                    return new SocketError(
                            errno,
                            SocketError.answer(errno, origin, type, code),
                            type,
                            code,
                            m.get(JAVA_INT, 8),
                            from,
                            bytes(length),
                            arrival());
                });
    }

    private byte[] bytes(int length) {
        return data.asSlice(0, Math.min(length, data.byteSize())).toArray(JAVA_BYTE);
    }

    /**
     * The kernel tells the wall clock's time of arrival; how long ago that is holds on the monotonic scale too, unless the wall clock
     * was set in between, which the bounds keep from showing as more than nothing.
     */
    private long arrival() {
        long now = System.nanoTime();
        Optional<MemorySegment> stamp = find(SOL_SOCKET, TIMESTAMP).filter(m -> m.byteSize() >= 16);
        if (stamp.isEmpty()) {
            return now;
        }
        Instant wall = Instant.now();
        long ago = (wall.getEpochSecond() - stamp.get().get(JAVA_LONG, 0)) * 1_000_000_000L
                + wall.getNano()
                - stamp.get().get(JAVA_LONG, 8);
        return ago > 0 && ago < 60_000_000_000L ? now - ago : now;
    }

    /** The data of a control message. */
    private Optional<MemorySegment> find(int level, int type) {
        long end = Math.min(header.get(JAVA_LONG, 40), CONTROL);
        long at = 0;
        while (at + CONTROL_HEADER <= end) {
            long length = control.get(JAVA_LONG, at);
            if (length < CONTROL_HEADER || at + length > end) {
                return Optional.empty();
            }
            if (control.get(JAVA_INT, at + 8) == level && control.get(JAVA_INT, at + 12) == type) {
                return Optional.of(control.asSlice(at + CONTROL_HEADER, length - CONTROL_HEADER));
            }
            at += (length + 7) & ~7L;
        }
        return Optional.empty();
    }
}
