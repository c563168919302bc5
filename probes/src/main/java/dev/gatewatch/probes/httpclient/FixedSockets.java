package dev.gatewatch.probes.httpclient;

import dev.gatewatch.probes.net.UnconnectedSockets;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;


/** Makes the sockets of one connection attempt. Safe for many threads. */
final class FixedSockets extends UnconnectedSockets {
    private final InetSocketAddress address;
    private final Optional<Tunnel> tunnel;
    private final AtomicLong received;
    private volatile @Nullable FixedSocket last;

    FixedSockets(InetSocketAddress address, Optional<Tunnel> tunnel, AtomicLong received) {
        this.address = address;
        this.tunnel = tunnel;
        this.received = received;
    }

    /** The socket made last, if one was. */
    Optional<FixedSocket> last() {
        return Optional.ofNullable(last);
    }

    @Override
    public Socket createSocket() {
        var socket = new FixedSocket(address, tunnel, received);
        last = socket;
        return socket;
    }
}
