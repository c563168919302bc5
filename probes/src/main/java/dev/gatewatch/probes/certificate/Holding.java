package dev.gatewatch.probes.certificate;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate that lies in a file or key store. Immutable.
 *
 * @param key what to call it in facts and messages: an alias, or a file's name with a number where it holds several
 * @param chain what belongs to it, itself first; only itself where nothing is said to
 */
record Holding(String key, List<X509Certificate> chain) {
    Holding {
        chain = List.copyOf(chain);
    }

    X509Certificate own() {
        return chain.getFirst();
    }
}
