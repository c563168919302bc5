package dev.gatewatch.probes.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A real server on loopback, port 0; what it does with a connection is a function of the test. */
public final class LocalServer implements Closeable {
    private final ServerSocket listener;
    private final Talk talk;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private LocalServer(ServerSocket listener, Talk talk) {
        this.listener = listener;
        this.talk = talk;
        Thread.ofVirtual().start(this::accept);
    }

    /** What to do with a connection; it is closed afterwards. */
    @FunctionalInterface
    public interface Talk {
        void with(Socket socket) throws Exception;
    }

    public static LocalServer start(Talk talk) throws IOException {
        return start(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), talk);
    }

    public static LocalServer start(ServerSocket listener, Talk talk) {
        return new LocalServer(listener, talk);
    }

    /** Takes what it is sent and never answers. */
    public static LocalServer silent() throws IOException {
        return start(LocalServer::drain);
    }

    /** Reads until the peer closes. */
    public static void drain(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        while (in.read() >= 0) {
            // nothing to do with it
        }
    }

    /** Closes with a reset instead of a goodbye. */
    public static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** A port of loopback on which nobody listens. */
    public static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** As {@code 127.0.0.1:PORT}. */
    public String address() {
        return NetFailures.show(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            talk.with(socket);
        } catch (Exception _) {
            // the probe under test tells what it saw of it
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
