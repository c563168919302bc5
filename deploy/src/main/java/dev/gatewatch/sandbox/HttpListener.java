package dev.gatewatch.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/1.1 server on one port, which can be taken down and brought up again on the same port. It is our own, rather than a ready
 * one, because faults need a hold on what lies below HTTP: the port, the TLS context of each connection, and the moment at which a
 * connection is cut. Safe for many threads.
 */
final class HttpListener implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpListener.class);

    private static final int MAX_CONNECTIONS = 512;
    private static final int BACKLOG = 128;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int OPEN_ATTEMPTS = 20;

    private final String name;
    private final HttpConnection.Transport transport;
    private final Handler handler;
    private final InetSocketAddress address;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final ReentrantLock turning = new ReentrantLock();

    // Guarded by turning.
    private @Nullable ServerSocket listening;
    private @Nullable Thread acceptor;
    private @Nullable Socket reservation;
    private boolean closed;

    /** Listens at once; a port of 0 takes any free one, and keeps it. */
    HttpListener(String name, InetSocketAddress address, HttpConnection.Transport transport, Handler handler) throws IOException {
        this.name = name;
        this.transport = transport;
        this.handler = handler;
        ServerSocket socket = bound(address);
        this.address = new InetSocketAddress(address.getAddress(), socket.getLocalPort());
        accept(socket);
    }

    int port() {
        return address.getPort();
    }

    InetAddress host() {
        return address.getAddress();
    }

    /** Connections that are open now. */
    int connections() {
        return connections.size();
    }

    /** Opens the port if it is closed; returns when clients can connect. */
    void up() throws IOException {
        turning.lock();
        try {
            if (listening == null && !closed) {
                accept(reopened());
            }
        } finally {
            turning.unlock();
        }
    }

    /** Closes the port and cuts all connections; returns when that is done. */
    void down() {
        turning.lock();
        try {
            if (listening != null) {
                stop();
                reserve();
            }
        } finally {
            turning.unlock();
        }
    }

    @Override
    public void close() {
        turning.lock();
        try {
            closed = true;
            stop();
            release();
        } finally {
            turning.unlock();
        }
    }

    private static ServerSocket bound(InetSocketAddress address) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, BACKLOG);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private ServerSocket reopened() throws IOException {
        release();
        for (int attempt = 1; ; attempt++) {
            try {
                return bound(address);
            } catch (IOException e) {
                if (attempt == OPEN_ATTEMPTS) {
                    throw new IOException("cannot open port " + port() + " of " + name + " again: " + e.getMessage(), e);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(50));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept(ServerSocket socket) {
        listening = socket;
        acceptor = Thread.ofVirtual().name(name).start(() -> {
            while (!socket.isClosed()) {
                try {
                    take(socket.accept());
                } catch (IOException e) {
                    log.debug("{} could not accept: {}", name, e.toString());
                    if (!socket.isClosed()) {
                        pause(); // out of file descriptors, say: not a reason to spin
                    }
                }
            }
        });
    }

    private void take(Socket socket) {
        if (connections.size() >= MAX_CONNECTIONS) {
            HttpConnection.closeQuietly(socket);
            return;
        }
        var connection = new HttpConnection(
                name + "-" + accepted.incrementAndGet(), socket, transport, handler, connections::remove);
        connections.add(connection);
        connection.start();
    }

    private void stop() {
        ServerSocket socket = listening;
        Thread accepting = acceptor;
        if (socket == null || accepting == null) {
            return;
        }
        listening = null;
        HttpConnection.closeQuietly(socket);
        try {
            accepting.join(PATIENCE); // so that no connection slips in behind the cutting
            Set<HttpConnection> cut = Set.copyOf(connections);
            cut.forEach(HttpConnection::cut);
            for (HttpConnection connection : cut) {
                connection.join(PATIENCE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Holds the port with a socket that is bound and does not listen: connections are refused as on a closed port, and nobody else
     * can take it meanwhile.
     */
    private void reserve() {
        Socket socket = new Socket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address);
            reservation = socket;
        } catch (IOException e) {
            HttpConnection.closeQuietly(socket);
            log.debug("port {} of {} is not held while it is down: {}", port(), name, e.toString());
        }
    }

    private void release() {
        if (reservation != null) {
            HttpConnection.closeQuietly(reservation);
            reservation = null;
        }
    }
}
