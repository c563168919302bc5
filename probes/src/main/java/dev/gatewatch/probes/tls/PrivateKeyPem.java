package dev.gatewatch.probes.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** Reads a private key from a PEM file: PKCS#8 (RFC 5958), RSA's PKCS#1 (RFC 8017) and SEC 1's EC form (RFC 5915). */
public final class PrivateKeyPem {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PrivateKeyPem() {}

    /**
     * The first private key of a file.
     *
     * @throws PemException in a person's words, when there is none that can be read
     */
    public static PrivateKey read(Path file) throws PemException {
        List<Pem.Block> blocks = Pem.read(file);
        for (Pem.Block block : blocks) {
            if (block.label().equals("ENCRYPTED PRIVATE KEY")
                    || (block.label().endsWith("PRIVATE KEY") && block.hasHeaders())) {
                throw new PemException("the key in " + file
                        + " is encrypted; store it without a passphrase, readable only by this daemon"
                        + " (openssl pkey -in … -out …)");
            }
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return parse(file, block.der());
                }
                case "RSA PRIVATE KEY" -> {
                    return parse(file, Der.pkcs8OfRsa(block.der()));
                }
                case "EC PRIVATE KEY" -> {
                    return parse(file, Der.pkcs8OfEc(block.der(), file));
                }
                default -> {}
            }
        }
        throw new PemException(
                blocks.isEmpty()
                        ? file + " is not a PEM file (no \"-----BEGIN PRIVATE KEY-----\" in it)"
                        : file + " has no private key in it, but \"" + blocks.getFirst().label() + "\"");
    }

    private static PrivateKey parse(Path file, byte[] pkcs8) throws PemException {
        var spec = new PKCS8EncodedKeySpec(pkcs8);
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException _) {
                // of another algorithm, or damaged
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new PemException("the key in " + file + " is damaged or of an unknown kind (known: RSA, EC, EdDSA)");
    }

    /** Whether a signature by the private key is verified by the public one. */
    static boolean belongs(PrivateKey key, PublicKey publicKey) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "EdDSA" -> "EdDSA";
                    default -> key.getAlgorithm();
                };
        try {
            byte[] text = {1, 2, 3};
            var signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(text);
            byte[] signature = signer.sign();
            var verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException _) {
            return false; // keys of different algorithms
        }
    }
}
