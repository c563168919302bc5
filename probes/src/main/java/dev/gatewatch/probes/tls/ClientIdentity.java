package dev.gatewatch.probes.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A client certificate with its chain and private key. Immutable; {@code toString} never shows the key.
 *
 * @param chain own certificate first
 */
record ClientIdentity(List<X509Certificate> chain, PrivateKey key) {
    ClientIdentity {
        chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
        return "client certificate of " + chain.getFirst().getSubjectX500Principal();
    }
}
