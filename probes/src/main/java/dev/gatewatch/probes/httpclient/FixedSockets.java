package dev.gatewatch.probes.httpclient;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/** Makes sockets that connect to one address, whatever they are told, and count what they receive. Safe for many threads. */
final class FixedSockets extends SocketFactory {
    private final InetSocketAddress address;
    private final AtomicLong received;

    FixedSockets(InetSocketAddress address, AtomicLong received) {
        this.address = address;
        this.received = received;
    }

    @Override
    public Socket createSocket() {
        return new FixedSocket(address, received);
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw unconnectedOnly();
    }

    private static UnsupportedOperationException unconnectedOnly() {
        return new UnsupportedOperationException("create first, then connect");
    }

    private static final class FixedSocket extends Socket {
        private final InetSocketAddress address;
        private final AtomicLong received;

        FixedSocket(InetSocketAddress address, AtomicLong received) {
            super(Proxy.NO_PROXY);
            this.address = address;
            this.received = received;
        }

        @Override
        public void connect(SocketAddress ignored, int timeout) throws IOException {
            super.connect(address, timeout);
            // a handshake is many small writes: with Nagle's algorithm each waits for the peer's delayed acknowledgement, 40 ms
            setTcpNoDelay(true);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read(byte[] into, int from, int most) throws IOException {
                    int read = super.read(into, from, most);
                    received.addAndGet(Math.max(0, read));
                    return read;
                }
            };
        }
    }
}
