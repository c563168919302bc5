package dev.gatewatch.probes.tls;

import dev.gatewatch.probes.net.LocalServer;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** Real TLS servers on loopback, the JDK's. */
public final class TlsServer {
    private TlsServer() {}

    /** Presents this certificate with intermediates, and reads until the client leaves. */
    public static LocalServer presenting(HeldCertificate own, X509Certificate... intermediates) throws IOException {
        return start(own, intermediates, TlsServer::asTheJdkDoes, LocalServer::drain);
    }

    /** How a server socket is set up beside its certificate. */
    @FunctionalInterface
    public interface Setup {
        void of(SSLServerSocket socket);
    }

    /** As {@link #presenting}, set up and speaking as wanted; the handshake is made first. */
    public static LocalServer start(
            HeldCertificate own, X509Certificate[] intermediates, Setup setup, LocalServer.Talk talk)
            throws IOException {
        var certificates = new HandshakeCertificates.Builder()
                .heldCertificate(own, intermediates)
                .addTrustedCertificate(Certificates.ROOT.certificate())
                .build();
        var socket = (SSLServerSocket) certificates
                .sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        setup.of(socket);
        return LocalServer.start(socket, accepted -> {
            ((SSLSocket) accepted).startHandshake();
            talk.with(accepted);
        });
    }

    private static void asTheJdkDoes(SSLServerSocket socket) {
        // nothing to change
    }
}
