package dev.gatewatch.probes.httpclient;

import dev.gatewatch.probes.tls.TlsRun;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
    private @Nullable InetSocketAddress connected;

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

    ConnectionPool pool() {
        return pool;
    }

    /** Where the connection that may be used again goes. */
    Optional<InetSocketAddress> connected() {
        return kept && pool.connectionCount() > 0 ? Optional.ofNullable(connected) : Optional.empty();
    }

    void connected(InetSocketAddress to) {
        connected = to;
    }

    @Override
    public void close() {
        pool.evictAll();
    }
}
