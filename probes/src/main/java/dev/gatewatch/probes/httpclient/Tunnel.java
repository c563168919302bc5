package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.httpclient.ProxySettings.Kind;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.NetFailures;
import dev.gatewatch.probes.tls.TlsFailures;
import dev.gatewatch.probes.tls.TlsRun;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * What is said to a proxy on a fresh connection until it leads to the target: a TLS handshake with the proxy itself, CONNECT (RFC 9110,
 * 9.3.6), or SOCKS (RFC 1928). Confined to one connection attempt; the socket's owner ends it at the deadline.
 *
 * @param at the proxy's address
 * @param to the target, by address or unresolved; nothing where the proxy is asked for each request by its URL
 */
record Tunnel(
        ProxySettings proxy,
        InetSocketAddress at,
        Optional<InetSocketAddress> to,
        String userAgent,
        Instant now,
        PhaseClock clock) {

    /** Opens the way. The socket's streams lead to the target afterwards. */
    void open(FixedSocket socket) throws IOException {
        clock.begin(Phase.PROXY);
        try {
            if (proxy.kind() == Kind.HTTPS) {
                secure(socket);
            }
            if (to.isPresent()) {
                HostPort target = new HostPort(host(to.get()), to.get().getPort());
                if (proxy.kind() == Kind.SOCKS5) {
                    Socks5.connect(this, to.get(), socket.getInputStream(), socket.getOutputStream());
                } else {
                    ConnectMethod.connect(this, target, socket.getInputStream(), socket.getOutputStream());
                }
            }
        } catch (EOFException _) {
            throw failure("closed the connection without an answer");
        }
    }

    /** A failure that the proxy is to blame for. */
    ProxyException failure(String what) {
        return new ProxyException(new Failure(Cause.PROXY_FAILED, name() + " " + what));
    }

    /** For messages: {@code proxy 127.0.0.1:3128}. */
    String name() {
        return name(at);
    }

    static String name(InetSocketAddress at) {
        return "proxy " + NetFailures.show(at);
    }

    /** The target as the proxy is told it. */
    static String host(InetSocketAddress target) {
        return target.isUnresolved()
                ? target.getHostString()
                : target.getAddress().getHostAddress();
    }

    private void secure(FixedSocket socket) throws IOException {
        TlsRun tls = proxy.tls().begin(proxy.address().host(), now);
        long start = System.nanoTime();
        try {
            var secure = (SSLSocket) tls.socketFactory()
                    .createSocket(socket, proxy.address().host(), proxy.address().port(), true);
            secure.startHandshake();
            socket.lead(secure.getInputStream(), secure.getOutputStream());
        } catch (IOException e) {
            if (TlsFailures.isTls(e) || tls.chainFault().isPresent()) {
                Failure failure = TlsFailures.handshake(e, tls, Duration.ofNanos(System.nanoTime() - start));
                throw new ProxyException(
                        new Failure(Cause.PROXY_FAILED, "TLS with the " + name() + " failed: " + failure.message()));
            }
            throw e;
        }
    }
}
