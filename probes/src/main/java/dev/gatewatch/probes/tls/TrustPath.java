package dev.gatewatch.probes.tls;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The path from a certificate to a trust anchor (RFC 5280 section 6), or why there is none.
 *
 * @param certificates from the server's certificate to the anchor, both included; empty where there is no path
 */
record TrustPath(List<X509Certificate> certificates, Optional<Failure> fault) {
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    /** Longer chains than this only cost time; public ones have four certificates at most. */
    private static final int LONGEST = 8;

    static TrustPath find(List<X509Certificate> chain, TrustAnchors trust, Instant now) {
        X509Certificate leaf = chain.getFirst();
        if (trust.contains(leaf)) {
            return new TrustPath(List.of(leaf), Optional.empty());
        }
        if (SignedPath.isSelfSigned(leaf)) {
            String text = "the certificate is signed by itself (" + ChainJudge.shortName(leaf) + "), not by a trusted authority";
            return none(Cause.CERT_SELF_SIGNED, text);
        }
        try {
            return new TrustPath(longest(build(chain, trust.validAt(now), now), chain, trust, now), Optional.empty());
        } catch (GeneralSecurityException _) {
            return findExpired(chain, trust, now);
        }
    }

    /**
     * Of several paths that hold now (cross-signed authorities) the one that holds longest, as clients go on by it when the others have
     * ended.
     *
     * @param found one that holds now
     */
    private static List<X509Certificate> longest(
            List<X509Certificate> found, List<X509Certificate> chain, TrustAnchors trust, Instant now) {
        List<X509Certificate> best = found;
        List<X509Certificate> usable = chain.stream()
                .filter(c -> c.equals(chain.getFirst())
                        || (!now.isBefore(c.getNotBefore().toInstant())
                                && !now.isAfter(c.getNotAfter().toInstant())))
                .toList();
        for (int attempt = 0; attempt < LONGEST; attempt++) {
            Instant end = end(best);
            if (!end.isBefore(chain.getFirst().getNotAfter().toInstant())) {
                return best;
            }
            Instant after = end.plusSeconds(1);
            try {
                best = build(usable, trust.validAt(now, after), after);
            } catch (GeneralSecurityException _) {
                return best;
            }
        }
        return best;
    }

    private static Instant end(List<X509Certificate> path) {
        return path.stream()
                .map(c -> c.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    /** A path that does not hold now; dates are judged elsewhere and must not hide other faults. */
    private static TrustPath findExpired(List<X509Certificate> chain, TrustAnchors trust, Instant now) {
        try {
            return new TrustPath(build(chain, trust.anchors(), whenValid(chain, now)), Optional.empty());
        } catch (CertPathBuilderException e) {
            return explain(e, chain, trust);
        } catch (GeneralSecurityException e) {
            return none(Cause.CERT_UNTRUSTED, "the chain cannot be verified: " + e.getMessage());
        }
    }

    private static List<X509Certificate> build(List<X509Certificate> chain, Set<TrustAnchor> anchors, Instant at)
            throws GeneralSecurityException {
        var leaf = new X509CertSelector();
        leaf.setCertificate(chain.getFirst());
        var parameters = new PKIXBuilderParameters(anchors, leaf);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        parameters.setMaxPathLength(LONGEST);
        var built = (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
        CertPath path = built.getCertPath();
        var all = new ArrayList<X509Certificate>();
        path.getCertificates().forEach(c -> all.add((X509Certificate) c));
        all.add(built.getTrustAnchor().getTrustedCert());
        return all;
    }

    /** The time closest to now at which all certificates are valid; where there is none, at which the server's own is. */
    private static Instant whenValid(List<X509Certificate> chain, Instant now) {
        X509Certificate leaf = chain.getFirst();
        Instant from = chain.stream().map(c -> c.getNotBefore().toInstant()).max(Comparator.naturalOrder()).orElse(now);
        Instant until = chain.stream().map(c -> c.getNotAfter().toInstant()).min(Comparator.naturalOrder()).orElse(now);
        if (from.isAfter(until)) {
            from = leaf.getNotBefore().toInstant();
            until = leaf.getNotAfter().toInstant();
        }
        return now.isBefore(from) ? from : now.isAfter(until) ? until : now;
    }

    private static TrustPath explain(
            CertPathBuilderException e, List<X509Certificate> chain, TrustAnchors trust) {
        List<X509Certificate> signed = SignedPath.find(chain, trust);
        if (!signed.isEmpty()) {
            // the signatures lead to an anchor, so a rule of the JDK's stands in the way, mostly a weak algorithm
            return Strength.STANDARD.faults(signed).isEmpty()
                    ? none(Cause.CERT_UNTRUSTED, "the chain breaks a rule of certificate paths: " + e.getMessage())
                    : new TrustPath(signed, Optional.empty());
        }
        X509Certificate top = SignedPath.top(chain);
        String issuer = ChainJudge.shortName(top.getIssuerX500Principal());
        if (SignedPath.isSelfSigned(top)) {
            return none(Cause.CERT_UNTRUSTED, "the chain ends at the authority " + issuer + ", which is not trusted");
        }
        String text = (chain.size() == 1 ? "the server sends only its own certificate; its issuer " : "the issuer ")
                + issuer + " is not trusted, or an intermediate certificate is missing";
        return none(Cause.CERT_UNTRUSTED, text);
    }

    /** A certificate that is only for other uses (mail, clients, code) is refused by clients (RFC 5280 4.2.1.12). */
    static Optional<Failure> usageFault(X509Certificate leaf) {
        try {
            List<String> usages = leaf.getExtendedKeyUsage();
            if (usages == null || usages.contains(SERVER_AUTH) || usages.contains(ANY_USAGE)) {
                return Optional.empty();
            }
            return Optional.of(new Failure(
                    Cause.CERT_UNTRUSTED, "the certificate is not meant for servers (extended key usage without serverAuth)"));
        } catch (CertificateParsingException _) {
            return Optional.of(
                    new Failure(Cause.CERT_UNTRUSTED, "the certificate's extended key usage cannot be read"));
        }
    }

    private static TrustPath none(Cause cause, String message) {
        return new TrustPath(List.of(), Optional.of(new Failure(cause, message)));
    }
}
