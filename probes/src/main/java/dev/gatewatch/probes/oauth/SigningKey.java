package dev.gatewatch.probes.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.tls.PemException;
import dev.gatewatch.probes.tls.PrivateKeyPem;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A private key that signs assertions (RFC 7515). Immutable, safe for many threads; {@code toString} shows none of it. */
final class SigningKey {
    private static final int SHORTEST_RSA = 2048;

    private final JWSHeader header;
    private final JWSSigner signer;

    private SigningKey(JWSHeader header, JWSSigner signer) {
        this.header = header;
        this.signer = signer;
    }

    /** The words of {@code algorithm}. */
    static SequencedMap<String, JWSAlgorithm> algorithms() {
        var words = new LinkedHashMap<String, JWSAlgorithm>();
        for (JWSAlgorithm each : new JWSAlgorithm[] {
            JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512, JWSAlgorithm.PS256, JWSAlgorithm.ES256
        }) {
            words.put(each.getName(), each);
        }
        return words;
    }

    /**
     * Reads a key.
     *
     * @param wanted where absent, RS256 for an RSA key and ES256 for one of P-256
     * @param id the {@code kid} header
     * @throws PemException in a person's words, when the file has no key that fits
     */
    static SigningKey read(Path file, Optional<JWSAlgorithm> wanted, Optional<String> id) throws PemException {
        PrivateKey key = PrivateKeyPem.read(file);
        try {
            return switch (key) {
                case RSAPrivateKey rsa -> rsa(file, rsa, wanted.orElse(JWSAlgorithm.RS256), id);
                case ECPrivateKey ec -> ec(file, ec, wanted.orElse(JWSAlgorithm.ES256), id);
                default -> throw new PemException("the key in " + file + " is neither RSA nor EC");
            };
        } catch (JOSEException e) {
            throw new PemException("the key in " + file + " cannot sign: " + e.getMessage());
        }
    }

    private static SigningKey rsa(Path file, RSAPrivateKey key, JWSAlgorithm algorithm, Optional<String> id)
            throws PemException {
        if (!JWSAlgorithm.Family.RSA.contains(algorithm)) {
            throw new PemException("the key in " + file + " is an RSA key, which cannot sign " + algorithm);
        }
        int bits = key.getModulus().bitLength();
        if (bits < SHORTEST_RSA) {
            throw new PemException("the RSA key in " + file + " has " + bits + " bits; at least " + SHORTEST_RSA
                    + " are needed (RFC 7518, section 3.3)");
        }
        return new SigningKey(header(algorithm, id), new RSASSASigner(key));
    }

    private static SigningKey ec(Path file, ECPrivateKey key, JWSAlgorithm algorithm, Optional<String> id)
            throws PemException, JOSEException {
        @Nullable Curve curve = Curve.forECParameterSpec(key.getParams());
        if (!JWSAlgorithm.ES256.equals(algorithm) || !Curve.P_256.equals(curve)) {
            throw new PemException("the key in " + file + " is an EC key of curve "
                    + (curve == null ? "unknown name" : curve.getName()) + "; only P-256 with ES256 is known");
        }
        return new SigningKey(header(algorithm, id), new ECDSASigner(key, Curve.P_256));
    }

    private static JWSHeader header(JWSAlgorithm algorithm, Optional<String> id) {
        var header = new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT);
        id.ifPresent(header::keyID);
        return header.build();
    }

    /** A signed JWT of these claims, in compact form. */
    Secret sign(JsonNode claims) {
        var jws = new JWSObject(header, new Payload(claims.toString()));
        try {
            jws.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("signing failed with a key that was tried at load", e);
        }
        return new Secret(jws.serialize());
    }

    @Override
    public String toString() {
        return "signing key (" + header.getAlgorithm() + ")";
    }
}
