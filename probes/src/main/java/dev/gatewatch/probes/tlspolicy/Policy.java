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
        MODERN,
        INTERMEDIATE,
        OLD,
        NONE;

        /** This policy, where the user's own words go over its. */
        Policy with(Set<String> ownAccept, Set<String> ownRefuse, Optional<Integer> ownLeastDhBits) {
            Policy base = plain();
            var accepted = new LinkedHashSet<>(base.accept);
            accepted.removeAll(ownRefuse);
            accepted.addAll(ownAccept);
            var refused = new LinkedHashSet<>(base.refuse);
            refused.removeAll(ownAccept);
            refused.addAll(ownRefuse);
            return new Policy(base.name, accepted, refused, ownLeastDhBits.orElse(base.leastDhBits));
        }

        private Policy plain() {
            return switch (this) {
                case MODERN -> new Policy("modern", Set.of("tls13"), Set.of("ssl3", "tls10", "tls11", "tls12"), 2_048);
                // DHE is allowed and not needed
                case INTERMEDIATE ->
                    new Policy(
                            "intermediate",
                            Set.of("tls12", "tls13", "ecdhe_aead"),
                            Set.of(
                                    "ssl3", "tls10", "tls11", "ecdhe_cbc", "dhe_cbc", "rsa_aead", "rsa_cbc", "static_dh",
                                    "seed_idea", "3des", "des", "rc4", "anonymous", "export", "null_encryption"),
                            2_048);
                // for clients of before 2014; CBC, RSA key exchange and 3DES are allowed and not needed
                case OLD ->
                    new Policy(
                            "old",
                            Set.of("tls10", "tls11", "tls12", "tls13", "ecdhe_aead"),
                            Set.of(
                                    "ssl3", "static_dh", "seed_idea", "des", "rc4", "anonymous", "export",
                                    "null_encryption"),
                            1_024);
                case NONE -> new Policy("", Set.of(), Set.of(), 0);
            };
        }
    }

    /** For messages: who wants it so. */
    String author() {
        return name.isEmpty() ? "the configuration" : "policy " + name;
    }
}
