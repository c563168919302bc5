package dev.gatewatch.probes.callback;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probes.callback.CallbackRequest.Refused;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.HttpUrl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket and the boxes behind it, each under a path that nobody can guess. It answers one request a connection, cuts off
 * connections that take too long as a whole, and knows nothing of paths that no run gave away. Safe for many threads.
 */
final class CallbackListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackListener.class);

    /** For a whole request, however slowly its bytes drip. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Connections at once; more are closed. */
    private static final int MOST_CONNECTIONS = 256;

    /** Boxes at once: runs that wait. */
    static final int MOST_BOXES = 1_000;

    /** Boxes of runs that are over, for whose late callbacks the gateway should not be told of an error. */
    private static final int MOST_PAST = 1_000;

    private final SecureRandom random = new SecureRandom();
    private final ServerSocket socket;
    private final Duration patience;
    private final Semaphore connections = new Semaphore(MOST_CONNECTIONS);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private final ReentrantLock lock = new ReentrantLock();

    // guarded by lock
    private final Thread acceptor;
    private final Map<String, CallbackBox> boxes = new LinkedHashMap<>();
    private final Map<String, CallbackBox> past = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CallbackBox> eldest) {
            return size() > MOST_PAST;
        }
    };

    private static final Duration CLOSING = Duration.ofSeconds(2);

    private CallbackListener(ServerSocket socket, Duration patience) {
        this.socket = socket;
        this.patience = patience;
        this.acceptor = Thread.ofVirtual().name("callback-listener").unstarted(this::accept);
    }

    /**
     * Begins to listen.
     *
     * @param patience how long one request may take from the first byte to the last
     * @throws IOException when the address is taken or not ours
     */
    static CallbackListener open(HostPort listen, Duration patience) throws IOException {
        var socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(listen.host()), listen.port()), 256);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        var listener = new CallbackListener(socket, patience);
        listener.acceptor.start();
        return listener;
    }

    /** The port that it listens on. */
    int port() {
        return socket.getLocalPort();
    }

    /**
     * A box under an address of its own.
     *
     * @return nothing where too many runs wait for callbacks already
     */
    Optional<CallbackBox> box(CallbackSettings settings) {
        byte[] secret = new byte[18];
        random.nextBytes(secret);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        var box = new CallbackBox(address(settings, token), settings.status(), settings.body(), () -> forget(token));
        lock.lock();
        try {
            if (boxes.size() >= MOST_BOXES) {
                return Optional.empty();
            }
            boxes.put(token, box);
            return Optional.of(box);
        } finally {
            lock.unlock();
        }
    }

    private String address(CallbackSettings settings, String token) {
        return settings.publicUrl()
                .map(url -> url.newBuilder().addPathSegment(token).build())
                .map(HttpUrl::toString)
                .orElseGet(() -> "http://" + new HostPort(settings.listen().host(), port()) + "/" + token);
    }

    private void forget(String token) {
        lock.lock();
        try {
            CallbackBox box = boxes.remove(token);
            if (box != null) {
                past.put(token, box);
            }
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket caller = socket.accept();
                if (connections.tryAcquire()) {
                    open.add(caller);
                    Thread.ofVirtual().name("callback").start(() -> serve(caller));
                } else {
                    caller.close();
                }
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LOG.warn("A callback's connection could not be taken: {}", e.getMessage());
                    pause();
                }
            }
        }
    }

    /** Where no file descriptor is left, accepting fails at once, again and again. */
    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(100));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket caller) {
        Thread guard = Thread.ofVirtual().name("callback-guard").start(() -> cutAfterPatience(caller));
        try (caller) {
            OutputStream out = caller.getOutputStream();
            try {
                answer(CallbackRequest.read(caller.getInputStream(), out), out);
            } catch (Refused e) {
                if (e.status() == 413) {
                    find(e.target()).ifPresent(CallbackBox::refusedAsTooLarge);
                }
                write(out, e.status(), String.valueOf(e.getMessage()), "");
                drain(caller);
            }
        } catch (IOException e) {
            LOG.debug("A callback's connection ended early: {}", e.getMessage());
        } finally {
            guard.interrupt();
            open.remove(caller);
            connections.release();
        }
    }

    private void cutAfterPatience(Socket caller) {
        try {
            Thread.sleep(patience);
            caller.close();
        } catch (InterruptedException | IOException _) {
            // it is over
        }
    }

    private void answer(CallbackRequest request, OutputStream out) throws IOException {
        long now = System.nanoTime();
        Optional<CallbackBox> box = find(request.target());
        if (box.isEmpty()) {
            write(out, 404, "Not Found", "");
            return;
        }
        // kept before it is answered: what was acknowledged must not be lost
        box.get()
                .put(new Callback(
                        request.method(),
                        request.target(),
                        request.headers(),
                        request.body(),
                        Instant.now(),
                        now));
        write(out, box.get().status(), "OK", request.method().equals("HEAD") ? "" : box.get().body());
    }

    /** The box that a path leads to; a proxy may have put something before its secret, and a gateway something after. */
    private Optional<CallbackBox> find(String target) {
        String path = target.split("[?#]", 2)[0];
        lock.lock();
        try {
            for (String segment : path.split("/", 20)) {
                CallbackBox box = boxes.getOrDefault(segment, past.get(segment));
                if (box != null) {
                    return Optional.of(box);
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private static void write(OutputStream out, int status, String reason, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + " " + reason + "\r\n"
                + (status == 204 ? "" : "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " + bytes.length + "\r\n")
                + "Connection: close\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        if (status != 204) {
            out.write(bytes);
        }
        out.flush();
    }

    /** Closing with unread bytes would reset the connection, and the caller might never see why it was refused. */
    private static void drain(Socket caller) throws IOException {
        caller.shutdownOutput();
        var in = caller.getInputStream();
        byte[] waste = new byte[8_192];
        for (int read = 0, total = 0; read >= 0 && total < 1 << 20; total += read) {
            read = in.read(waste);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            // the port is free only when the thread that waits for calls has noticed
            acceptor.join(CLOSING);
            for (Socket caller : open) {
                caller.close();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("The callback listener did not close cleanly", e);
        }
    }
}
