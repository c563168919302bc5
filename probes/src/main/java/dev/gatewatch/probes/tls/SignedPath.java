package dev.gatewatch.probes.tls;

import java.security.GeneralSecurityException;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Where a chain leads by names and signatures alone: to explain why a path by all rules was not found. Pure functions. */
final class SignedPath {
    /** Longer paths than this only cost time; public ones have four certificates at most. */
    private static final int LONGEST = 10;

    private SignedPath() {}

    /** From the server's certificate to a trust anchor, both included; empty where signatures do not lead to one. */
    static List<X509Certificate> find(List<X509Certificate> chain, TrustAnchors trust) {
        List<X509Certificate> anchors =
                trust.anchors().stream().map(TrustAnchor::getTrustedCert).toList();
        var path = new ArrayList<>(List.of(chain.getFirst()));
        while (path.size() <= chain.size()) {
            X509Certificate last = path.getLast();
            Optional<X509Certificate> anchor =
                    anchors.stream().filter(a -> isIssuer(a, last)).findFirst();
            if (anchor.isPresent()) {
                path.add(anchor.get());
                return path;
            }
            Optional<X509Certificate> next = chain.stream()
                    .filter(c -> !path.contains(c) && isIssuer(c, last))
                    .findFirst();
            if (next.isEmpty()) {
                return List.of();
            }
            path.add(next.get());
        }
        return List.of();
    }

    /** The last presented certificate that is reached from the server's own. */
    static X509Certificate top(List<X509Certificate> chain) {
        return upwards(chain.getFirst(), chain).getLast();
    }

    /** From a certificate as far up as the others lead; the certificate itself comes first. */
    static List<X509Certificate> upwards(X509Certificate own, Collection<X509Certificate> others) {
        var path = new ArrayList<>(List.of(own));
        while (path.size() < LONGEST) {
            X509Certificate from = path.getLast();
            Optional<X509Certificate> issuer = others.stream()
                    .filter(c -> !path.contains(c) && isIssuer(c, from))
                    .findFirst();
            if (issuer.isEmpty()) {
                return path;
            }
            path.add(issuer.get());
        }
        return path;
    }

    static boolean isSelfSigned(X509Certificate certificate) {
        return isIssuer(certificate, certificate);
    }

    private static boolean isIssuer(X509Certificate issuer, X509Certificate of) {
        if (!issuer.getSubjectX500Principal().equals(of.getIssuerX500Principal())) {
            return false;
        }
        try {
            of.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
