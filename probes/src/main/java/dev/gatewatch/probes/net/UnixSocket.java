package dev.gatewatch.probes.net;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A connection to a Unix domain socket in the shape of a {@link Socket}, which is what the JDK layers TLS over. Has no addresses and no
 * time-outs of its own: its {@link Connection} closes it at the deadline. Confined to the run's thread.
 */
public final class UnixSocket extends Socket {
    /** The host that stands for this machine in names and certificates. */
    public static final String HOST = "localhost";

    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;

    private UnixSocket(SocketChannel channel) {
        this.channel = channel;
        this.in = Channels.newInputStream(channel);
        this.out = Channels.newOutputStream(channel);
    }

    /** How connecting ended: one of both. */
    public record Outcome(Optional<Connection> connection, Optional<Failure> failure) {}

    /**
     * Connects to the socket at a path of this machine.
     *
     * @throws InterruptedIOException when the run was interrupted
     */
    public static Outcome connect(Path path, Deadline deadline) throws InterruptedIOException {
        try {
            // closed on failure, and by the connection otherwise
            SocketChannel channel = SocketChannel.open(java.net.StandardProtocolFamily.UNIX);
            var socket = new UnixSocket(channel);
            var connection = new Connection(socket, HOST, deadline);
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
                return new Outcome(Optional.of(connection), Optional.empty());
            } catch (IOException e) {
                connection.close();
                connection.checkInterrupted();
                return new Outcome(Optional.empty(), Optional.of(failure(e, path, deadline)));
            }
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return new Outcome(Optional.empty(), Optional.of(failure(e, path, deadline)));
        }
    }

    private static Failure failure(IOException e, Path path, Deadline deadline) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (deadline.passed()) {
            return new Failure(
                    Cause.CONNECT_TIMEOUT,
                    path + " did not take the connection within " + Durations.format(deadline.timeout()));
        }
        if (text.contains("no such file")) {
            return new Failure(Cause.CONNECT_REFUSED, "there is no socket " + path + ": its service does not run");
        }
        if (text.contains("permission denied") || text.contains("not permitted")) {
            return new Failure(Cause.NO_PERMISSION, "this daemon's user may not connect to " + path);
        }
        if (text.contains("wrong type")) {
            return new Failure(Cause.CONNECT_REFUSED, path + " is a socket for datagrams, which takes no connections");
        }
        return new Failure(Cause.CONNECT_REFUSED, path + " refused the connection: nothing listens on the socket");
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public boolean isConnected() {
        return channel.isConnected();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public boolean isInputShutdown() {
        return false;
    }

    @Override
    public boolean isOutputShutdown() {
        return false;
    }

    @Override
    public void shutdownInput() throws IOException {
        channel.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public InetAddress getInetAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public int getPort() {
        return 0;
    }

    @Override
    public int getSoLinger() {
        return -1;
    }

    @Override
    public void setSoTimeout(int millis) {
        // reads end at the connection's deadline
    }

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public void setTcpNoDelay(boolean on) {
        // nothing delays
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return "unix socket";
    }
}
