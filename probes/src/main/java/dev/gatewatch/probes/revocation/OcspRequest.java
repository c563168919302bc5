package dev.gatewatch.probes.revocation;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** A question to an OCSP responder about one certificate. Confined to its asker. */
final class OcspRequest {
    /** RFC 9654 section 2.1: responders have to take 32 bytes; older ones (RFC 8954) no more. */
    private static final int NONCE_BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] der;
    private final Optional<byte[]> nonce;

    private OcspRequest(byte[] der, Optional<byte[]> nonce) {
        this.der = der;
        this.nonce = nonce;
    }

    /** As it is sent. */
    byte[] der() {
        return der;
    }

    /** What the answer has to repeat, if it has any. */
    Optional<byte[]> nonce() {
        return nonce;
    }

    /** By SHA-1, which names the issuer here and proves nothing, and which is what every responder understands (RFC 5019). */
    static OcspRequest of(X509Certificate certificate, X509Certificate issuer, boolean withNonce) {
        try {
            var digests = new JcaDigestCalculatorProviderBuilder().build();
            var id = new CertificateID(
                    digests.get(CertificateID.HASH_SHA1), Crypto.holder(issuer), certificate.getSerialNumber());
            var builder = new OCSPReqBuilder().addRequest(id);
            Optional<byte[]> nonce = withNonce ? Optional.of(random()) : Optional.empty();
            if (nonce.isPresent()) {
                builder.setRequestExtensions(new Extensions(new Extension(
                        OCSPObjectIdentifiers.id_pkix_ocsp_nonce,
                        false,
                        new DEROctetString(nonce.get()).getEncoded())));
            }
            return new OcspRequest(builder.build().getEncoded(), nonce);
        } catch (IOException | GeneralSecurityException | OCSPException | OperatorCreationException e) {
            throw new IllegalStateException("a question about a certificate that was read cannot be written", e);
        }
    }

    private static byte[] random() {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return nonce;
    }
}
