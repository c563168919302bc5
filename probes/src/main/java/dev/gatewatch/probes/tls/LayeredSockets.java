package dev.gatewatch.probes.tls;

import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/** A factory that only lays TLS over connections that stand. Subclasses do so. */
public abstract class LayeredSockets extends SSLSocketFactory {
    @Override
    public final Socket createSocket(String host, int port) {
        throw layeredOnly();
    }

    @Override
    public final Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw layeredOnly();
    }

    @Override
    public final Socket createSocket(InetAddress host, int port) {
        throw layeredOnly();
    }

    @Override
    public final Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw layeredOnly();
    }

    private static UnsupportedOperationException layeredOnly() {
        return new UnsupportedOperationException("connect first, then layer TLS over the connection");
    }
}
