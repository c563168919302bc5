package dev.gatewatch.probes.icmp;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.nativenet.Errno;
import dev.gatewatch.probes.nativenet.Family;
import dev.gatewatch.probes.nativenet.NativeException;
import dev.gatewatch.probes.nativenet.NativeNet;
import dev.gatewatch.probes.nativenet.NativeSocket;
import dev.gatewatch.probes.net.Failure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sockets of the operating system: a datagram socket, which needs no privilege where {@code net.ipv4.ping_group_range} has the
 * process' group, else a raw one, which needs CAP_NET_RAW. Safe for many threads.
 */
final class NativeEchoSockets implements EchoSockets {
    static final NativeEchoSockets SHARED = new NativeEchoSockets(NativeNet.missing());

    static final String NO_PERMISSION = "this process may not send ICMP packets: allow its group to with sysctl -w"
            + " net.ipv4.ping_group_range=\"0 2147483647\", or give it CAP_NET_RAW (setcap cap_net_raw+ep, systemd:"
            + " AmbientCapabilities=CAP_NET_RAW, containers: --cap-add NET_RAW)";

    private static final Logger LOG = LoggerFactory.getLogger(NativeEchoSockets.class);

    private final Optional<String> missing;
    private final AtomicBoolean told = new AtomicBoolean();

    /** What the machine lacks to have such sockets, if anything. */
    NativeEchoSockets(Optional<String> missing) {
        this.missing = missing;
    }

    @Override
    public EchoSocket open(InetAddress to, EchoOptions options) throws EchoException {
        if (missing.isPresent()) {
            throw new EchoException(new Failure(Cause.MISSING_COMPONENT, "icmp " + missing.get()));
        }
        NativeSocket socket = open(to);
        try {
            if (options.source().isPresent()) {
                socket.bind(options.source().get());
            }
            socket.hopLimit(options.ttl());
            if (options.dontFragment()) {
                socket.dontFragment();
            }
            socket.connect(new InetSocketAddress(to, 0));
            return new NativeEchoSocket(socket, to, options.size());
        } catch (NativeException e) {
            socket.close();
            throw new EchoException(failure(e, to, options));
        }
    }

    private NativeSocket open(InetAddress to) throws EchoException {
        Family family = Family.of(to);
        try {
            return NativeSocket.open(NativeSocket.Kind.ICMP_DATAGRAM, family);
        } catch (NativeException _) {
            // not for this group, or a kernel without
        }
        try {
            return NativeSocket.open(NativeSocket.Kind.ICMP_RAW, family);
        } catch (NativeException e) {
            if (!e.forbidden()) {
                throw new EchoException(
                        e.errno() == Errno.EAFNOSUPPORT
                                ? new Failure(Cause.CONNECT_UNREACHABLE, "this machine has no IPv" + (family == Family.IP4 ? 4 : 6) + " to reach " + to.getHostAddress())
                                : new Failure(Cause.INTERNAL_ERROR, "no socket for ICMP: " + e.getMessage()));
            }
            if (!told.getAndSet(true)) {
                LOG.warn("All icmp probes are broken: {}", NO_PERMISSION);
            }
            throw new EchoException(new Failure(Cause.NO_PERMISSION, NO_PERMISSION));
        }
    }

    /** Why a socket cannot be set up, or a packet cannot be sent. */
    static Failure failure(NativeException e, InetAddress to, EchoOptions options) {
        String at = to.getHostAddress();
        return switch (e.errno()) {
            case Errno.ENETUNREACH, Errno.EHOSTUNREACH ->
                new Failure(Cause.CONNECT_UNREACHABLE, "there is no route to " + at);
            case Errno.EADDRNOTAVAIL, Errno.EINVAL ->
                new Failure(
                        Cause.LOCAL_NETWORK,
                        options.source()
                                .map(s -> "this machine has no address " + s.getHostAddress() + " to reach " + at + " from")
                                .orElse("this machine has no address to reach " + at + " from"));
            case Errno.EPERM, Errno.EACCES ->
                new Failure(Cause.NO_PERMISSION, "this machine does not let us send to " + at + " (its firewall, or a broadcast address)");
            case Errno.EMSGSIZE ->
                new Failure(
                        Cause.PACKET_LOSS,
                        "packets with " + options.size() + " bytes are too big for the way to " + at + " and must not be fragmented");
            default -> new Failure(Cause.INTERNAL_ERROR, "cannot send to " + at + ": " + e.getMessage());
        };
    }
}
