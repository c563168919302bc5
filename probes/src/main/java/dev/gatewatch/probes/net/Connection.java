package dev.gatewatch.probes.net;

import dev.gatewatch.probe.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.Function;

/**
 * A TCP connection that ends at its deadline at the latest, whatever its peer does: read time-outs alone would let a peer that sends
 * a byte now and then go on for ever. Confined to the run's thread.
 */
public final class Connection implements AutoCloseable {
    private final Socket socket;
    private final String host;
    private final Deadline deadline;
    private final Thread guard;

    /**
     * Guards a connected socket, which it closes with itself.
     *
     * @param host the name or address that was connected to, as configured
     */
    public Connection(Socket socket, String host, Deadline deadline) {
        this.socket = socket;
        this.host = host;
        this.deadline = deadline;
        this.guard = Thread.ofVirtual().unstarted(this::closeAtDeadline);
        guard.start();
    }

    private void closeAtDeadline() {
        try {
            Thread.sleep(deadline.left());
            socket.close();
        } catch (InterruptedException | IOException _) {
            // closed before
        }
    }

    public Socket socket() {
        return socket;
    }

    /** The host as configured, which the address was resolved from. */
    public String host() {
        return host;
    }

    public int port() {
        return socket.getPort();
    }

    public InetSocketAddress remote() {
        return new InetSocketAddress(socket.getInetAddress(), socket.getPort());
    }

    public Deadline deadline() {
        return deadline;
    }

    /**
     * The failure behind an exception of this connection's streams.
     *
     * @param timedOut what it is when the deadline has passed
     * @param otherwise what it is by the exception
     * @throws InterruptedIOException when the run was interrupted, which closes its sockets and is nobody's failure
     */
    public Failure failure(IOException e, Failure timedOut, Function<IOException, Failure> otherwise)
            throws InterruptedIOException {
        if (deadline.passed()) {
            return timedOut;
        }
        checkInterrupted();
        return otherwise.apply(e);
    }

    /** Ends a run that was interrupted, before a failure is made of it. */
    public void checkInterrupted() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while probing " + host);
        }
    }

    @Override
    public void close() {
        guard.interrupt();
        try {
            socket.close();
        } catch (IOException _) {
            // nothing that the run still needs
        }
    }
}
