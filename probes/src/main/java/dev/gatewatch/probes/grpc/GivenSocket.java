package dev.gatewatch.probes.grpc;

import dev.gatewatch.probes.tls.LayeredSockets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.SocketFactory;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A socket that is connected and, for TLS, has made its handshake already, in the shape in which the gRPC library takes one: the library
 * connects and shakes hands no more, so that the address is the one that was checked and each phase is timed. Also listens in by a
 * {@link Tap}. Safe for many threads as its socket is.
 */
final class GivenSocket extends SSLSocket {
    private final Socket socket;
    private final Tap tap;

    GivenSocket(Socket socket, Tap tap) {
        this.socket = socket;
        this.tap = tap;
    }

    /** Hands it out once: a run has one connection. */
    SocketFactory asFactory() {
        var given = new AtomicBoolean();
        return new SocketFactory() {
            private Socket once() throws IOException {
                if (!given.compareAndSet(false, true)) {
                    throw new SocketException("the run's connection was used up");
                }
                return GivenSocket.this;
            }

            @Override
            public Socket createSocket(String host, int port) throws IOException {
                return once();
            }

            @Override
            public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
                return once();
            }

            @Override
            public Socket createSocket(InetAddress host, int port) throws IOException {
                return once();
            }

            @Override
            public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
                    throws IOException {
                return once();
            }
        };
    }

    /** A TLS layer over it that is there already. */
    SSLSocketFactory asTlsFactory() {
        return new LayeredSockets() {
            @Override
            public Socket createSocket(Socket connected, String host, int port, boolean autoClose) {
                return connected;
            }

            @Override
            public String[] getDefaultCipherSuites() {
                return getEnabledCipherSuites();
            }

            @Override
            public String[] getSupportedCipherSuites() {
                return GivenSocket.this.getSupportedCipherSuites();
            }
        };
    }

    private SSLSocket secured() {
        return (SSLSocket) socket;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return tap.on(socket.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return socket.getOutputStream();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public void shutdownInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public boolean isInputShutdown() {
        return socket.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return socket.isOutputShutdown();
    }

    @Override
    public InetAddress getInetAddress() {
        return socket.getInetAddress();
    }

    @Override
    public int getPort() {
        return socket.getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return socket.getLocalSocketAddress();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        socket.setTcpNoDelay(on);
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return socket.getSoTimeout();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        socket.setSoTimeout(timeout);
    }

    @Override
    public void startHandshake() {
        // made already
    }

    @Override
    public String getApplicationProtocol() {
        return secured().getApplicationProtocol();
    }

    @Override
    public SSLSession getSession() {
        return secured().getSession();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return secured().getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        // the handshake is over
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return secured().getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return secured().getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        // the handshake is over
    }

    @Override
    public String[] getSupportedProtocols() {
        return secured().getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return secured().getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        // the handshake is over
    }

    @Override
    public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
        // none will be made
    }

    @Override
    public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
        // none was added
    }

    @Override
    public void setUseClientMode(boolean mode) {
        // a client it is
    }

    @Override
    public boolean getUseClientMode() {
        return true;
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        // servers' only
    }

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public void setWantClientAuth(boolean want) {
        // servers' only
    }

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        // the session is there
    }

    @Override
    public boolean getEnableSessionCreation() {
        return true;
    }
}
