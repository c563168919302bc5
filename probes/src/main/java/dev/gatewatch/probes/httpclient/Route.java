package dev.gatewatch.probes.httpclient;

import dev.gatewatch.probes.tls.TlsRun;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.ConnectionPool;
import org.jspecify.annotations.Nullable;

/**
 * What connections to one origin share within a run: the TLS side, the pool in which a connection waits for the next request, and where
 * it goes. Confined to the run's thread.
 */
final class Route implements AutoCloseable {
    private final Optional<TlsRun> tls;
    private final boolean kept;
    private final ConnectionPool pool;
    private final AtomicLong received = new AtomicLong();
    private @Nullable InetSocketAddress connected;
    private @Nullable InetAddress reached;
    private @Nullable FixedSocket idle;

    /**
     * A route without connections.
     *
     * @param tls for https
     * @param kept whether a connection is used again for the next request
     */
    Route(Optional<TlsRun> tls, boolean kept) {
        this.tls = tls;
        this.kept = kept;
        this.pool = kept ? new ConnectionPool(1, 1, TimeUnit.MINUTES) : new ConnectionPool(0, 1, TimeUnit.SECONDS);
    }

    Optional<TlsRun> tls() {
        return tls;
    }

    /** Bytes that have come in over its connection since this was set to zero. */
    AtomicLong received() {
        return received;
    }

    ConnectionPool pool() {
        return pool;
    }

    /** Where the connection that may be used again goes. One that its peer has closed meanwhile is given up first. */
    Optional<InetSocketAddress> connected() {
        if (!kept) {
            return Optional.empty();
        }
        if (idle != null && pool.idleConnectionCount() > 0 && idle.isEnded()) {
            pool.evictAll();
        }
        return pool.connectionCount() > 0 ? Optional.ofNullable(connected) : Optional.empty();
    }

    /**
     * A connection stands.
     *
     * @param target its address, as far as it is known
     * @param socket the one below it; absent where a kept one was used again
     * @param multiplexed whether somebody reads from it all the time, who also sees its end
     */
    void connected(InetSocketAddress to, @Nullable InetAddress target, Optional<FixedSocket> socket, boolean multiplexed) {
        connected = to;
        reached = target;
        if (multiplexed) {
            idle = null;
        } else {
            socket.ifPresent(s -> idle = s);
        }
    }

    /** The target's address at the end of the connection, as far as it is known. */
    @Nullable InetAddress reached() {
        return reached;
    }

    @Override
    public void close() {
        pool.evictAll();
    }
}
