package dev.gatewatch.probes.nativenet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A non-blocking socket of the operating system, with the options that the JDK's sockets lack. Confined to the thread that opened it,
 * which may be a virtual one: calls are short, and waits are done by the {@link Poller}.
 */
public final class NativeSocket implements AutoCloseable {
    /** What kind of packets a socket sends. */
    public enum Kind {
        /** ICMP echo for everybody in the group range of {@code net.ipv4.ping_group_range}; the kernel sets the identifier. */
        ICMP_DATAGRAM(2),
        /** ICMP for a process with CAP_NET_RAW. */
        ICMP_RAW(3),
        UDP(2),
        TCP(1);

        private final int type;

        Kind(int type) {
            this.type = type;
        }
    }

    /** SOCK_NONBLOCK and SOCK_CLOEXEC. */
    private static final int FLAGS = 0x800 | 0x80000;

    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int SO_TIMESTAMPNS = 35;
    private static final int SOL_RAW = 255;
    private static final int ICMP_FILTER = 1;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_ERRQUEUE = 0x2000;
    private static final int PMTUDISC_DO = 2;

    /** More than an IPv4 packet can hold. */
    private static final int LARGEST = 65_536;

    /** Of TCP only what routers quote is read. */
    private static final int HEADERS_ONLY = 1_024;

    private static final int ECHO_REPLY_4 = 0;
    private static final int ECHO_REPLY_6 = 129;

    private final int descriptor;
    private final Kind kind;
    private final Family family;
    private final Arena arena;
    private final Message message;
    private boolean closed;

    @SuppressWarnings("MustBeClosedChecker") // closed with the socket
    private NativeSocket(int descriptor, Kind kind, Family family) {
        this.descriptor = descriptor;
        this.kind = kind;
        this.family = family;
        this.arena = Arena.ofConfined();
        this.message = new Message(arena, family, kind == Kind.TCP ? HEADERS_ONLY : LARGEST);
    }

    /**
     * Opens a socket that tells arrival times, hop limits and errors.
     *
     * @throws NativeException also when the process may not: {@link NativeException#forbidden}
     */
    public static NativeSocket open(Kind kind, Family family) throws NativeException {
        int protocol =
                switch (kind) {
                    case ICMP_DATAGRAM, ICMP_RAW -> family.icmp();
                    case UDP, TCP -> 0;
                };
        var socket = new NativeSocket(Libc.socket(family.number(), kind.type | FLAGS, protocol), kind, family);
        try {
            socket.prepare();
            return socket;
        } catch (NativeException e) {
            socket.close();
            throw e;
        }
    }

    private void prepare() throws NativeException {
        Libc.setOption(descriptor, family.level(), family.errors(), 1);
        if (kind != Kind.TCP) {
            Libc.setOption(descriptor, family.level(), family.tellHopLimitOption(), 1);
        }
        Libc.setOption(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, 1);
        if (kind == Kind.ICMP_RAW) {
            // everything but echo replies stays out: a raw socket otherwise gets all of the machine's ICMP
            Libc.setOption(descriptor, family == Family.IP4 ? SOL_RAW : family.icmp(), ICMP_FILTER, onlyReplies());
        }
    }

    /** A bit for each type that is kept out. */
    private MemorySegment onlyReplies() {
        MemorySegment filter = arena.allocate(family == Family.IP4 ? 4 : 32, 4).fill((byte) 0xFF);
        int type = family == Family.IP4 ? ECHO_REPLY_4 : ECHO_REPLY_6;
        long word = type / 32 * 4L;
        filter.set(JAVA_INT, word, filter.get(JAVA_INT, word) & ~(1 << (type % 32)));
        return filter;
    }

    /**
     * Keeps out the replies to others: a raw socket gets those of the whole machine, and a full queue loses its own. For raw ICMP
     * sockets.
     */
    public void acceptOnly(int identifier) throws NativeException {
        PacketFilter.attach(descriptor, family, identifier);
    }

    public Kind kind() {
        return kind;
    }

    /** TTL or hop limit of what is sent, 1 to 255. */
    public void hopLimit(int hops) throws NativeException {
        Libc.setOption(descriptor, family.level(), family.hopLimitOption(), hops);
    }

    /** Forbids this machine and routers to cut what is sent into fragments. */
    public void dontFragment() throws NativeException {
        Libc.setOption(descriptor, family.level(), family.pathMtuOption(), PMTUDISC_DO);
    }

    /** Sends from this address of the machine. */
    public void bind(InetAddress source) throws NativeException {
        Libc.bind(descriptor, SocketAddresses.of(new InetSocketAddress(source, 0), arena));
    }

    /**
     * Chooses the peer; for TCP, begins to connect.
     *
     * @return whether it is done: for TCP usually not, {@link #awaitConnected} then
     */
    public boolean connect(InetSocketAddress to) throws NativeException {
        try {
            Libc.connect(descriptor, SocketAddresses.of(to, arena));
            return true;
        } catch (NativeException e) {
            if (e.errno() == Errno.EINPROGRESS) {
                return false;
            }
            throw e;
        }
    }

    /** Whether a connection attempt came to an end, good or bad, in time. {@link #pendingError} tells which. */
    public boolean awaitConnected(Duration atMost) throws IOException {
        return Poller.SHARED.await(descriptor, Poller.WRITABLE, atMost);
    }

    /** Whether something can be received, or an error be asked for, in time. */
    public boolean awaitReadable(Duration atMost) throws IOException {
        return Poller.SHARED.await(descriptor, Poller.READABLE, atMost);
    }

    /** Takes the error that the next call would fail with; 0 where there is none. */
    public int pendingError() throws NativeException {
        return Libc.option(descriptor, SOL_SOCKET, SO_ERROR);
    }

    public void send(byte[] packet) throws NativeException {
        try (Arena once = Arena.ofConfined()) {
            Libc.send(descriptor, once.allocateFrom(JAVA_BYTE, packet), MSG_DONTWAIT | MSG_NOSIGNAL);
        }
    }

    /** The next packet, if one has come. */
    public Optional<Packet> receive() throws NativeException {
        return read(MSG_DONTWAIT).map(message::packet);
    }

    /** The next entry of the error queue, if there is one. */
    public Optional<SocketError> receiveError() throws NativeException {
        return read(MSG_DONTWAIT | MSG_ERRQUEUE).flatMap(message::error);
    }

    private Optional<Integer> read(int flags) throws NativeException {
        try {
            return Optional.of(Libc.receive(descriptor, message.prepared(), flags));
        } catch (NativeException e) {
            if (e.errno() == Errno.EAGAIN || e.errno() == Errno.EINTR) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Libc.close(descriptor);
            arena.close();
        }
    }
}
