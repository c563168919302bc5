package dev.gatewatch.probes.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The certificates that a chain may end at. Immutable. */
public final class TrustAnchors {
    private final Set<X509Certificate> certificates;
    private final Set<TrustAnchor> anchors;

    private TrustAnchors(List<X509Certificate> certificates) {
        this.certificates = Set.copyOf(new HashSet<>(certificates));
        this.anchors =
                this.certificates.stream().map(c -> new TrustAnchor(c, null)).collect(Collectors.toUnmodifiableSet());
    }

    /** Only these; each may be an authority or a server's own certificate. */
    public static TrustAnchors of(List<X509Certificate> certificates) {
        return new TrustAnchors(certificates);
    }

    /** Those that the Java runtime trusts. */
    public static TrustAnchors system() {
        return SystemAnchors.INSTANCE;
    }

    boolean contains(X509Certificate certificate) {
        return certificates.contains(certificate);
    }

    Set<TrustAnchor> anchors() {
        return anchors;
    }

    /**
     * Those within their dates. The JDK takes an expired anchor where OpenSSL and browsers look for another path; where a cross-signed
     * intermediate leads to an old root and a new one, only the new one counts.
     */
    Set<TrustAnchor> validAt(Instant now) {
        return anchors.stream().allMatch(a -> isValid(a, now))
                ? anchors
                : anchors.stream().filter(a -> isValid(a, now)).collect(Collectors.toUnmodifiableSet());
    }

    /** Those within their dates at both times. */
    Set<TrustAnchor> validAt(Instant now, Instant then) {
        return validAt(now).stream().filter(a -> isValid(a, then)).collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isValid(TrustAnchor anchor, Instant now) {
        X509Certificate certificate = anchor.getTrustedCert();
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    @Override
    public String toString() {
        return certificates.size() + " trust anchors";
    }

    /** Read once, when first needed: it takes some hundred milliseconds. */
    private static final class SystemAnchors {
        static final TrustAnchors INSTANCE = new TrustAnchors(read());

        private static List<X509Certificate> read() {
            try {
                var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                @Nullable KeyStore runtimes = null;
                factory.init(runtimes);
                return Arrays.stream(factory.getTrustManagers())
                        .filter(X509TrustManager.class::isInstance)
                        .flatMap(m -> Arrays.stream(((X509TrustManager) m).getAcceptedIssuers()))
                        .toList();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the Java runtime's trusted certificates cannot be read", e);
            }
        }
    }
}
