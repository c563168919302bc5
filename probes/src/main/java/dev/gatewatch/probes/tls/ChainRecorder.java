package dev.gatewatch.probes.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The trust manager of one run: records what the server presents before it judges, so that the facts survive a failed handshake. Where
 * several handshakes happen in a run (redirects), the last one stands. Safe for many threads.
 */
public final class ChainRecorder extends X509ExtendedTrustManager {
    private final TrustAnchors trust;
    private final Instant now;
    private final boolean enforcing;

    private volatile @Nullable Seen seen;

    ChainRecorder(TrustAnchors trust, Instant now, boolean enforcing) {
        this.trust = trust;
        this.now = now;
        this.enforcing = enforcing;
    }

    /**
     * What a handshake showed. Immutable.
     *
     * @param chain as presented, the server's own certificate first
     * @param host the name that the certificate was judged for
     * @param version by the JDK's name
     * @param cipher by its IANA name
     * @param staples OCSP answers that came with the handshake (RFC 6066 section 8), DER as received and not yet judged; the server's own
     *     first
     */
    public record Seen(
            List<X509Certificate> chain,
            String host,
            String version,
            String cipher,
            ChainVerdict verdict,
            List<byte[]> staples) {
        public Seen {
            chain = List.copyOf(chain);
            staples = List.copyOf(staples);
        }

        /** The version as blackbox_exporter writes it: {@code TLS 1.3}. */
        public String versionDisplay() {
            return TlsVersion.displayOf(version);
        }
    }

    /** What the last handshake showed; nothing if none came as far as the certificate. */
    public Optional<Seen> seen() {
        return Optional.ofNullable(seen);
    }

    /** What was agreed on after the chain was seen, where that was not known then. */
    public void agreed(String cipher) {
        Seen before = seen;
        if (before != null && before.cipher().isEmpty()) {
            seen = new Seen(before.chain(), before.host(), before.version(), cipher, before.verdict(), before.staples());
        }
    }

    /** When the chain is judged for. */
    Instant now() {
        return now;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        record(List.of(chain), ((SSLSocket) socket).getHandshakeSession());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        record(List.of(chain), engine.getHandshakeSession());
    }

    private void record(List<X509Certificate> chain, SSLSession session) throws CertificateException {
        String host = session.getPeerHost();
        ChainVerdict verdict = ChainJudge.judge(chain, host, trust, now);
        // a QUIC engine knows neither yet; QUIC speaks TLS 1.3 only (RFC 9001, section 4.2)
        @Nullable String version = session.getProtocol();
        @Nullable String cipher = session.getCipherSuite();
        seen = new Seen(
                chain,
                host,
                version == null || version.equals("unknown") ? "TLSv1.3" : version,
                cipher == null ? "" : cipher,
                verdict,
                staples(session));
        if (enforcing && verdict.worst().isPresent()) {
            throw new CertificateException(verdict.worst().get().message());
        }
    }

    /** The JDK's client asks for them in every handshake, and has them before it asks this trust manager. */
    private static List<byte[]> staples(SSLSession session) {
        return session instanceof ExtendedSSLSession extended
                ? extended.getStatusResponses().stream().filter(s -> s.length > 0).toList()
                : List.of();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a chain can be judged only for a connection");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no server here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    /** None: only servers send this list, and libraries that index it would do so once a run. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
