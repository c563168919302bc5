package dev.gatewatch.probes.httpclient;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A socket that connects to one address, whatever it is told, opens the tunnel to the target if there is one, and counts what it
 * receives. Confined to one connection, except for {@link #close}.
 */
final class FixedSocket extends Socket {
    /** More than this unasked-for is no connection to go on with. */
    private static final int MOST_HELD = 16 * 1_024;

    private final InetSocketAddress address;
    private final Optional<Tunnel> tunnel;
    private final AtomicLong received;
    private @Nullable Incoming incoming;
    private @Nullable InputStream led;
    private @Nullable OutputStream ledOut;

    FixedSocket(InetSocketAddress address, Optional<Tunnel> tunnel, AtomicLong received) {
        super(Proxy.NO_PROXY);
        this.address = address;
        this.tunnel = tunnel;
        this.received = received;
    }

    @Override
    public void connect(SocketAddress ignored, int timeout) throws IOException {
        super.connect(address, timeout);
        // a handshake is many small writes: with Nagle's algorithm each waits for the peer's delayed acknowledgement, 40 ms
        setTcpNoDelay(true);
        if (tunnel.isPresent()) {
            tunnel.get().open(this);
            // what a proxy said is no part of the answer
            received.set(0);
        }
    }

    /** Replaces the streams by those of a layer over them. */
    void lead(InputStream in, OutputStream out) {
        led = in;
        ledOut = out;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return led != null ? led : incoming();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return ledOut != null ? ledOut : super.getOutputStream();
    }

    private Incoming incoming() throws IOException {
        if (incoming == null) {
            incoming = new Incoming(super.getInputStream(), received);
        }
        return incoming;
    }

    /**
     * Whether the peer has closed the connection. What it has sent unasked is kept for the next reader. For an idle connection only,
     * from which nobody reads meanwhile.
     */
    boolean isEnded() {
        try {
            int patience = getSoTimeout();
            setSoTimeout(1);
            try {
                return incoming().fillsUntilEnd();
            } catch (SocketTimeoutException _) {
                return false;
            } finally {
                setSoTimeout(patience);
            }
        } catch (IOException _) {
            return true;
        }
    }

    /** What comes in, with room for what was read ahead. */
    private static final class Incoming extends InputStream {
        private final InputStream in;
        private final AtomicLong received;
        private byte[] held = new byte[0];
        private int from;

        Incoming(InputStream in, AtomicLong received) {
            this.in = in;
            this.received = received;
        }

        boolean fillsUntilEnd() throws IOException {
            var chunk = new byte[4_096];
            while (held.length - from < MOST_HELD) {
                int read = in.read(chunk);
                if (read < 0) {
                    return true;
                }
                var all = new byte[held.length - from + read];
                System.arraycopy(held, from, all, 0, held.length - from);
                System.arraycopy(chunk, 0, all, held.length - from, read);
                held = all;
                from = 0;
            }
            return true;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int start, int most) throws IOException {
            int ahead = Math.min(most, held.length - from);
            if (ahead > 0) {
                System.arraycopy(held, from, into, start, ahead);
                from += ahead;
                received.addAndGet(ahead);
                return ahead;
            }
            int read = in.read(into, start, most);
            received.addAndGet(Math.max(0, read));
            return read;
        }

        @Override
        public int available() throws IOException {
            return held.length - from + in.available();
        }
    }
}
