package dev.gatewatch.probes.tls;

import dev.gatewatch.probes.net.Failure;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * The TLS side of one run: a socket factory that starts without any session to resume, and what was seen through it. Safe for many
 * threads.
 */
public final class TlsRun {
    private final TlsSettings settings;
    private final String host;
    private final ChainRecorder recorder;
    private final IdentityKeys keys;
    private final SSLSocketFactory socketFactory;

    TlsRun(TlsSettings settings, String host, Instant now, boolean enforcing) {
        this.settings = settings;
        this.host = host;
        this.recorder = new ChainRecorder(settings.trust(), now, enforcing);
        this.keys = new IdentityKeys(settings.identity());
        this.socketFactory = new NamedSocketFactory(context(), settings, host);
    }

    /** A context of its own for each run, as sessions would be resumed within one, and the chain not be shown again. */
    private SSLContext context() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, new TrustManager[] {recorder}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java runtime has no TLS", e);
        }
    }

    /**
     * Layers TLS over connected sockets: server name and versions are set. The name in the certificate is judged within the handshake,
     * so a library's own host name verifier should accept all.
     */
    public SSLSocketFactory socketFactory() {
        return socketFactory;
    }

    /** The key manager within {@link #socketFactory}. */
    public KeyManager keys() {
        return keys;
    }

    /** The name to ask a host for; redirects may have led to another than the run's own. */
    public String nameFor(String asked) {
        return asked.equalsIgnoreCase(host) ? settings.nameFor(asked) : asked;
    }

    /** The trust manager within {@link #socketFactory}, and what it saw. */
    public ChainRecorder recorder() {
        return recorder;
    }

    /** Whether the server asked for a client certificate. */
    public boolean clientCertificateAsked() {
        return keys.asked();
    }

    /** Whether a client certificate was sent. */
    public boolean clientCertificateSent() {
        return keys.given();
    }

    /** What is wrong with the chain that was seen; nothing where none was seen, or the settings pass over it. */
    public Optional<Failure> chainFault() {
        return settings.insecure()
                ? Optional.empty()
                : recorder.seen().flatMap(seen -> seen.verdict().worst());
    }

    TlsSettings settings() {
        return settings;
    }
}
