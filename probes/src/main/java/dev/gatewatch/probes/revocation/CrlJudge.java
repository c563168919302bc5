package dev.gatewatch.probes.revocation;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.revocation.Answer.Failed;
import dev.gatewatch.probes.revocation.Answer.Kind;
import java.io.InterruptedIOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;

/**
 * Judges what a revocation list says of a certificate, by RFC 5280 section 6.3.3: that it is its issuer's, covers it, is signed and still
 * holds. Delta and indirect lists are not used. Pure functions.
 */
final class CrlJudge {
    /** How old a list without a next update may be; RFC 5280 demands one. */
    private static final Duration LONGEST = Duration.ofDays(10);

    private static final Set<ASN1ObjectIdentifier> KNOWN =
            Set.of(Extension.issuingDistributionPoint, Extension.authorityKeyIdentifier, Extension.cRLNumber);
    private static final int KEY_USAGE_CRL_SIGN = 6;

    private CrlJudge() {}

    /**
     * Why a list is not one of this issuer's, if it is not; costs as much as a signature over the whole list.
     *
     * @throws InterruptedIOException when the time is over first, or the thread is interrupted
     */
    static Optional<Failed> signatureFault(Crl crl, X509Certificate issuer, String by, Deadline deadline) throws InterruptedIOException {
        boolean[] usage = issuer.getKeyUsage();
        if (usage != null && !usage[KEY_USAGE_CRL_SIGN]) {
            return Optional.of(invalid(by + " is signed by an authority that may not sign such lists (key usage without cRLSign)"));
        }
        return crl.isSignedBy(issuer, deadline)
                ? Optional.empty()
                : Optional.of(invalid(by + " is not signed by the certificate's issuer: forged, or of another authority"));
    }

    /**
     * What a list whose signature was verified says.
     *
     * @param points the distribution points that the certificate names
     * @throws InterruptedIOException when the time is over first, or the thread is interrupted
     */
    static Answer judge(Crl crl, X509Certificate certificate, List<String> points, Instant now, String by, Deadline deadline)
            throws InterruptedIOException {
        var times = new Answer.Times(Optional.empty(), crl.thisUpdate(), crl.nextUpdate());
        try {
            Optional<String> scope = crl.extensions().flatMap(all -> scopeFault(all, certificate, points));
            if (scope.isPresent()) {
                return invalid(by + " " + scope.get());
            }
            Optional<Crl.Entry> entry = crl.find(certificate.getSerialNumber(), deadline);
            if (entry.isPresent()) { // also in a stale list: it is the issuer's word
                return new Answer.Revoked(by, entry.get().at(), entry.get().reason(), times);
            }
        } catch (DerException e) {
            return invalid(by + " is malformed: " + e.getMessage());
        } catch (RuntimeException _) {
            return invalid(by + " is malformed");
        }
        if (crl.thisUpdate().isAfter(now.plus(OcspJudge.SKEW))) {
            return invalid(by + " is of a time to come (" + Words.minute(crl.thisUpdate()) + "); check the clocks");
        }
        return Words.staleness(crl.thisUpdate(), crl.nextUpdate(), LONGEST, now)
                .<Answer>map(why ->
                        new Failed(Kind.STALE, new Failure(Cause.CRL_STALE, by + " is stale: " + why)))
                .orElseGet(() -> new Answer.Good(times));
    }

    /** Why not being in the list says nothing about the certificate. */
    private static Optional<String> scopeFault(Extensions extensions, X509Certificate certificate, List<String> points) {
        for (ASN1ObjectIdentifier critical : extensions.getCriticalExtensionOIDs()) {
            if (critical.equals(Extension.deltaCRLIndicator)) {
                return Optional.of("is a delta list, which alone does not say what is revoked");
            }
            if (!KNOWN.contains(critical)) {
                return Optional.of("has the critical extension " + critical + ", which nobody here understands");
            }
        }
        Extension extension = extensions.getExtension(Extension.issuingDistributionPoint);
        if (extension == null) {
            return Optional.empty();
        }
        var point = IssuingDistributionPoint.getInstance(extension.getParsedValue());
        boolean authority = certificate.getBasicConstraints() >= 0;
        if (point.isIndirectCRL() || point.onlyContainsAttributeCerts() || point.getOnlySomeReasons() != null) {
            return Optional.of("is not a list of all revoked certificates of its issuer (indirect, or only some reasons)");
        }
        if (point.onlyContainsUserCerts() && authority) {
            return Optional.of("is only of certificates that are no authorities'");
        }
        if (point.onlyContainsCACerts() && !authority) {
            return Optional.of("is only of authorities' certificates");
        }
        if (point.getDistributionPoint() == null
                || point.getDistributionPoint().getType() != DistributionPointName.FULL_NAME
                || points.isEmpty()) {
            return Optional.empty();
        }
        List<String> parts = NamedSources.urls(point.getDistributionPoint());
        return parts.stream().anyMatch(points::contains)
                ? Optional.empty()
                : Optional.of("is another part of its issuer's lists than the certificate's");
    }

    private static Failed invalid(String what) {
        return new Failed(Kind.INVALID, new Failure(Cause.OCSP_INVALID, what));
    }
}
