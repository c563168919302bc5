package dev.gatewatch.probes.tlspolicy;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a server must accept and what it must refuse; the rest is its own affair. Immutable.
 *
 * @param name for messages; empty for one that is all the user's own
 * @param accept names of offers
 * @param refuse names of offers
 * @param leastDhBits the smallest Diffie-Hellman group that it may use
 */
record Policy(String name, Set<String> accept, Set<String> refuse, int leastDhBits) {
    Policy {
        accept = Set.copyOf(accept);
        refuse = Set.copyOf(refuse);
    }

    /** Policies by name, after Mozilla's "Server Side TLS" guidelines 5.7. */
    enum Named {
        /** TLS 1.3 and nothing else. */
        MODERN(
                Set.of("tls13"),
                Set.of("ssl3", "tls10", "tls11", "tls12"),
                2_048),
        /** TLS 1.2 and 1.3 with forward secrecy and AEAD ciphers; DHE is allowed and not needed. */
        INTERMEDIATE(
                Set.of("tls12", "tls13", "ecdhe_aead"),
                Set.of(
                        "ssl3", "tls10", "tls11", "ecdhe_cbc", "dhe_cbc", "rsa_aead", "rsa_cbc", "static_dh", "seed_idea",
                        "3des", "des", "rc4", "anonymous", "export", "null_encryption"),
                2_048),
        /** For clients of before 2014: down to TLS 1.0 and CBC ciphers; 3DES is allowed and not needed. */
        OLD(
                Set.of("tls10", "tls11", "tls12", "tls13", "ecdhe_aead"),
                Set.of("ssl3", "static_dh", "seed_idea", "des", "rc4", "anonymous", "export", "null_encryption"),
                1_024),
        /** Nothing: accept and refuse say it all. */
        NONE(Set.of(), Set.of(), 0);

        private final Set<String> accept;
        private final Set<String> refuse;
        private final int leastDhBits;

        Named(Set<String> accept, Set<String> refuse, int leastDhBits) {
            this.accept = accept;
            this.refuse = refuse;
            this.leastDhBits = leastDhBits;
        }

        /** This policy, where the user's own words go over its. */
        Policy with(Set<String> ownAccept, Set<String> ownRefuse, Optional<Integer> ownLeastDhBits) {
            var accepted = new LinkedHashSet<>(accept);
            accepted.removeAll(ownRefuse);
            accepted.addAll(ownAccept);
            var refused = new LinkedHashSet<>(refuse);
            refused.removeAll(ownAccept);
            refused.addAll(ownRefuse);
            return new Policy(
                    this == NONE ? "" : name().toLowerCase(java.util.Locale.ROOT),
                    accepted,
                    refused,
                    ownLeastDhBits.orElse(leastDhBits));
        }
    }

    /** For messages: who wants it so. */
    String author() {
        return name.isEmpty() ? "the configuration" : "policy " + name;
    }
}
