package dev.gatewatch.probes.tls;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The least that keys and signatures have to be. A root's own signature proves nothing to anyone and is not judged; its key is.
 * Immutable.
 *
 * @param leastRsa bits of an RSA or DSA key
 * @param leastEc bits of an elliptic curve's field
 * @param refusedHashes what a signature must not be made with, in upper case as JCA begins its names: {@code SHA1}
 */
public record Strength(int leastRsa, int leastEc, Set<String> refusedHashes) {
    /** As NIST SP 800-57 and the CA/Browser Forum's baseline requirements (6.1.5, 7.1.3) have it. */
    public static final Strength STANDARD = new Strength(2048, 224, Set.of("MD2", "MD5", "SHA1"));

    public Strength {
        refusedHashes = Set.copyOf(refusedHashes);
    }

    /** What is too weak in a chain, the server's own certificate first. */
    List<Failure> faults(List<X509Certificate> chain) {
        var faults = new ArrayList<Failure>();
        for (X509Certificate certificate : chain) {
            String name = ChainJudge.name(certificate, chain.getFirst());
            int bits = bits(certificate.getPublicKey());
            int least = certificate.getPublicKey() instanceof ECPublicKey ? leastEc : leastRsa;
            if (bits > 0 && bits < least) {
                faults.add(weak(name + " has a key of only " + bits + " bits ("
                        + certificate.getPublicKey().getAlgorithm() + "; at least " + least + " are needed)"));
            }
            String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
            if (refusedHashes.stream().anyMatch(hash -> signature.startsWith(hash + "WITH")) && !isRoot(certificate)) {
                faults.add(weak(name + " is signed with " + certificate.getSigAlgName() + ", which can be forged"));
            }
        }
        return faults;
    }

    private static Failure weak(String message) {
        return new Failure(Cause.CERT_WEAK, message);
    }

    private static boolean isRoot(X509Certificate certificate) {
        return certificate.getBasicConstraints() >= 0
                && certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    /** 0 for keys whose strength does not hang on a size. */
    private static int bits(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> rsa.getModulus().bitLength();
            case ECPublicKey ec -> ec.getParams().getCurve().getField().getFieldSize();
            case DSAPublicKey dsa -> dsa.getParams() == null ? 0 : dsa.getParams().getP().bitLength();
            default -> 0;
        };
    }
}
