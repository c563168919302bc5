package dev.gatewatch.probes.nativenet;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A program by which the kernel keeps packets from a socket (classic BPF, linux/filter.h): here, ICMP of other identifiers. */
final class PacketFilter {
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;

    /** struct sock_filter: code, jump if true, jump if false, operand. */
    private static final int INSTRUCTION = 8;

    private static final int X_IS_IP_HEADER_LENGTH = 0xb1;
    private static final int LOAD_SHORT_BEHIND_X = 0x48;
    private static final int LOAD_SHORT = 0x28;
    private static final int SKIP_ONE_UNLESS_EQUAL = 0x15;
    private static final int RETURN = 0x06;

    /** Where an echo packet has its identifier. */
    private static final int IDENTIFIER = 4;

    private PacketFilter() {}

    static void attach(int socket, Family family, int identifier) throws NativeException {
        // raw IPv4 sockets have the IP header in front, IPv6 ones do not
        int[][] program = family == Family.IP4
                ? new int[][] {
                    {X_IS_IP_HEADER_LENGTH, 0, 0},
                    {LOAD_SHORT_BEHIND_X, 0, IDENTIFIER},
                    {SKIP_ONE_UNLESS_EQUAL, 1, identifier},
                    {RETURN, 0, -1},
                    {RETURN, 0, 0}
                }
                : new int[][] {
                    {LOAD_SHORT, 0, IDENTIFIER}, {SKIP_ONE_UNLESS_EQUAL, 1, identifier}, {RETURN, 0, -1}, {RETURN, 0, 0}
                };
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate((long) INSTRUCTION * program.length, 8);
            for (int i = 0; i < program.length; i++) {
                long at = (long) INSTRUCTION * i;
                filter.set(JAVA_SHORT, at, (short) program[i][0]);
                filter.set(JAVA_BYTE, at + 3, (byte) program[i][1]);
                filter.set(JAVA_INT, at + 4, program[i][2]);
            }
            // struct sock_fprog
            MemorySegment description = arena.allocate(16, 8);
            description.set(JAVA_SHORT, 0, (short) program.length);
            description.set(ADDRESS, 8, filter);
            Libc.setOption(socket, SOL_SOCKET, SO_ATTACH_FILTER, description);
        }
    }
}
