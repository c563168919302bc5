package dev.gatewatch.probes.revocation;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Set;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/** Signatures by Bouncy Castle, whose provider is used by itself and not installed in the runtime. Safe for many threads. */
final class Crypto {
    private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

    /** md2WithRSAEncryption and md5WithRSAEncryption: anybody can make these. */
    private static final Set<String> FORGEABLE = Set.of("1.2.840.113549.1.1.2", "1.2.840.113549.1.1.4");

    private Crypto() {}

    static X509CertificateHolder holder(X509Certificate certificate) throws CertificateEncodingException {
        return new JcaX509CertificateHolder(certificate);
    }

    static ContentVerifierProvider verifier(SubjectPublicKeyInfo key) throws OperatorCreationException {
        return new JcaContentVerifierProviderBuilder().setProvider(PROVIDER).build(key);
    }

    static boolean isForgeable(AlgorithmIdentifier algorithm) {
        return FORGEABLE.contains(algorithm.getAlgorithm().getId());
    }
}
