package dev.gatewatch.probes.revocation;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.revocation.Answer.Failed;
import dev.gatewatch.probes.revocation.Answer.Kind;
import dev.gatewatch.probes.tls.ChainJudge;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Judges an OCSP answer, stapled or asked, by RFC 6960 section 3.2: that it is one, is for the certificate, is signed by its issuer or by
 * a responder whom the issuer has authorised, and still holds. Nothing of it is believed before. A responder's own certificate is not
 * checked for revocation in turn. Pure function; safe for many threads.
 */
public final class OcspJudge {
    /** The largest answer that is looked at, in bytes; usual ones have 500 to 3000. */
    public static final int LARGEST = 128 << 10;

    /** So far the clocks of responder and daemon may differ. */
    static final Duration SKEW = Duration.ofMinutes(5);

    /** How old an answer without a next update may be; the longest that CA/Browser Forum's baseline requirements (4.9.10) let any be. */
    private static final Duration LONGEST = Duration.ofDays(10);

    /** More certificates than this in an answer are not looked at. */
    private static final int MOST_CERTIFICATES = 10;

    private final X509Certificate certificate;
    private final X509Certificate issuer;
    private final Instant now;
    private final String by;

    private OcspJudge(X509Certificate certificate, X509Certificate issuer, Instant now, String by) {
        this.certificate = certificate;
        this.issuer = issuer;
        this.now = now;
        this.by = by;
    }

    /**
     * Judges an answer.
     *
     * @param der as received
     * @param issuer of the certificate
     * @param now the run's clock
     * @param nonce what was sent along; an answer that holds none is accepted, as most responders sign ahead
     * @param by what to call the answer: {@code the stapled OCSP answer}
     */
    public static Answer judge(
            byte[] der,
            X509Certificate certificate,
            X509Certificate issuer,
            Instant now,
            Optional<byte[]> nonce,
            String by) {
        var judge = new OcspJudge(certificate, issuer, now, by);
        try {
            return judge.judge(der, nonce);
        } catch (DerException e) {
            return judge.invalid("is malformed: " + e.getMessage());
        } catch (IOException
                | GeneralSecurityException
                | OCSPException
                | OperatorCreationException
                | CertException
                | RuntimeException _) {
            // Bouncy Castle tells of hostile bytes by exceptions of many kinds
            return judge.invalid("is malformed");
        }
    }

    private Answer judge(byte[] der, Optional<byte[]> nonce)
            throws IOException, GeneralSecurityException, OCSPException, OperatorCreationException, CertException {
        if (der.length > LARGEST) {
            return invalid("is larger than " + (LARGEST >> 10) + " kB");
        }
        if (der.length == 0 || (der[0] & 0xFF) != DerCursor.SEQUENCE) {
            return invalid("is no OCSP answer but " + der.length + " bytes of something else");
        }
        DerCursor.check(der);
        OCSPResponse outer = OCSPResponse.getInstance(der);
        var response = new OCSPResp(outer);
        if (response.getStatus() != OCSPResp.SUCCESSFUL) {
            return new Failed(Kind.UNAVAILABLE, unavailable("is an error: " + error(response.getStatus())));
        }
        if (outer.getResponseBytes() == null) {
            return invalid("is empty");
        }
        DerCursor.check(outer.getResponseBytes().getResponse().getOctets());
        if (!(response.getResponseObject() instanceof BasicOCSPResp basic)) {
            return invalid("is of an unknown kind");
        }
        Optional<SingleResp> single = ofCertificate(basic);
        if (single.isEmpty()) {
            return invalid("is for another certificate, not for serial number "
                    + certificate.getSerialNumber().toString(16));
        }
        Optional<String> unsigned = signatureFault(basic);
        if (unsigned.isPresent()) {
            return invalid(unsigned.get());
        }
        return judge(basic, single.get(), nonce);
    }

    private Answer judge(BasicOCSPResp basic, SingleResp single, Optional<byte[]> nonce) {
        Instant thisUpdate = single.getThisUpdate().toInstant();
        Optional<Instant> nextUpdate = Optional.ofNullable(single.getNextUpdate()).map(Date::toInstant);
        var times = new Answer.Times(
                Optional.of(basic.getProducedAt().toInstant()), thisUpdate, nextUpdate);
        @Nullable CertificateStatus status = single.getCertStatus();
        if (status instanceof RevokedStatus revoked) {
            // an old answer, or one to another's question, is still the issuer's word that it revoked
            String reason = revoked.hasRevocationReason() ? Words.reason(revoked.getRevocationReason()) : "";
            return new Answer.Revoked(by, revoked.getRevocationTime().toInstant(), reason, times);
        }
        if (!nonceFits(basic, nonce)) {
            return invalid("carries another nonce than was sent: it may be replayed");
        }
        if (thisUpdate.isAfter(now.plus(SKEW))) {
            return invalid("is of a time to come (" + Words.minute(thisUpdate) + "); check the clocks");
        }
        Optional<String> stale = Words.staleness(thisUpdate, nextUpdate, LONGEST, now);
        if (stale.isPresent()) {
            return new Failed(
                    Kind.STALE, new Failure(Cause.OCSP_INVALID, by + " is stale: " + stale.get()));
        }
        if (status != null) { // null is Bouncy Castle's word for good
            return new Failed(Kind.UNAVAILABLE, unavailable("says that the certificate is unknown to it"));
        }
        return new Answer.Good(times);
    }

    private Optional<SingleResp> ofCertificate(BasicOCSPResp basic)
            throws GeneralSecurityException, OCSPException, OperatorCreationException {
        DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().build();
        X509CertificateHolder holder = Crypto.holder(issuer);
        for (SingleResp single : basic.getResponses()) {
            if (single.getCertID().getSerialNumber().equals(certificate.getSerialNumber())
                    && single.getCertID().matchesIssuer(holder, digests)) {
                return Optional.of(single);
            }
        }
        return Optional.empty();
    }

    private Optional<String> signatureFault(BasicOCSPResp basic)
            throws GeneralSecurityException, OCSPException, OperatorCreationException, CertException {
        if (Crypto.isForgeable(basic.getSignatureAlgorithmID())) {
            return Optional.of("is signed with an algorithm that can be forged");
        }
        X509CertificateHolder authority = Crypto.holder(issuer);
        if (isSignedBy(basic, authority)) {
            return Optional.empty();
        }
        String fault = "is not signed by " + ChainJudge.shortName(issuer) + " nor by a responder that it has authorised; it may be forged";
        for (X509CertificateHolder delegate :
                Arrays.stream(basic.getCerts()).limit(MOST_CERTIFICATES).toList()) {
            // first whose certificate it is: a stranger's key is not even tried
            if (!delegate.getIssuer().equals(authority.getSubject())
                    || !delegate.isSignatureValid(Crypto.verifier(authority.getSubjectPublicKeyInfo()))
                    || !isSignedBy(basic, delegate)) {
                continue;
            }
            if (!maySignAnswers(delegate)) {
                fault = "is signed by \"" + delegate.getSubject() + "\", which the issuer has not authorised to answer"
                        + " (extended key usage without OCSPSigning)";
            } else if (!delegate.isValidOn(Date.from(now))) {
                fault = "is signed by a responder whose own certificate holds from "
                        + Words.minute(delegate.getNotBefore().toInstant()) + " to "
                        + Words.minute(delegate.getNotAfter().toInstant());
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(fault);
    }

    /** A key of another algorithm than the signature's is a signature that does not hold. */
    private static boolean isSignedBy(BasicOCSPResp basic, X509CertificateHolder signer) {
        try {
            return basic.isSignatureValid(Crypto.verifier(signer.getSubjectPublicKeyInfo()));
        } catch (OCSPException | OperatorCreationException | RuntimeException _) {
            return false;
        }
    }

    private static boolean maySignAnswers(X509CertificateHolder delegate) {
        Extension usage = delegate.getExtension(Extension.extendedKeyUsage);
        return usage != null
                && ExtendedKeyUsage.getInstance(usage.getParsedValue()).hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning);
    }

    private static boolean nonceFits(BasicOCSPResp basic, Optional<byte[]> nonce) {
        Extension answered = basic.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        return nonce.isEmpty()
                || answered == null
                || Arrays.equals(
                        nonce.get(),
                        ASN1OctetString.getInstance(answered.getParsedValue()).getOctets());
    }

    private static String error(int status) {
        return switch (status) {
            case OCSPResp.MALFORMED_REQUEST -> "malformedRequest, it did not understand the question";
            case OCSPResp.INTERNAL_ERROR -> "internalError, the responder is broken";
            case OCSPResp.TRY_LATER -> "tryLater, the responder is busy";
            case OCSPResp.SIG_REQUIRED -> "sigRequired, it answers only signed questions";
            case OCSPResp.UNAUTHORIZED -> "unauthorized, it does not answer for this certificate";
            default -> "status " + status;
        };
    }

    private Failed invalid(String what) {
        return new Failed(Kind.INVALID, new Failure(Cause.OCSP_INVALID, by + " " + what));
    }

    private Failure unavailable(String what) {
        return new Failure(Cause.OCSP_UNAVAILABLE, by + " " + what);
    }
}
