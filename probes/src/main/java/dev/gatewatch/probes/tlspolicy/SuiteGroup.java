package dev.gatewatch.probes.tlspolicy;

import java.util.List;

/** Cipher suites of TLS 1.2 and older that stand or fall together. Each suite is in one group: the first whose mark it bears. */
enum SuiteGroup {
    EXPORT("export", "export-grade ciphers of 40 or 56 bits"),
    NULL_ENCRYPTION("null_encryption", "suites without encryption"),
    ANONYMOUS("anonymous", "anonymous key exchange"),
    RC4("rc4", "RC4"),
    DES("des", "single DES"),
    TRIPLE_DES("3des", "3DES"),
    SEED_IDEA("seed_idea", "SEED or IDEA"),
    STATIC_DH("static_dh", "key exchange with fixed Diffie-Hellman keys"),
    ECDHE_AEAD("ecdhe_aead", "ECDHE with an AEAD cipher"),
    ECDHE_CBC("ecdhe_cbc", "ECDHE with a CBC cipher"),
    DHE_AEAD("dhe_aead", "DHE with an AEAD cipher"),
    DHE_CBC("dhe_cbc", "DHE with a CBC cipher"),
    RSA_AEAD("rsa_aead", "RSA key exchange with an AEAD cipher"),
    RSA_CBC("rsa_cbc", "RSA key exchange with a CBC cipher");

    /** From the strongest, for offers of many and for tables. */
    static final List<SuiteGroup> STRONGEST_FIRST = List.of(
            ECDHE_AEAD,
            DHE_AEAD,
            ECDHE_CBC,
            DHE_CBC,
            RSA_AEAD,
            RSA_CBC,
            STATIC_DH,
            SEED_IDEA,
            TRIPLE_DES,
            DES,
            RC4,
            ANONYMOUS,
            EXPORT,
            NULL_ENCRYPTION);

    private final String word;
    private final String display;

    SuiteGroup(String word, String display) {
        this.word = word;
        this.display = display;
    }

    /** Its word in a configuration. */
    String word() {
        return word;
    }

    /** In words, within a sentence. */
    String display() {
        return display;
    }

    /** The group of a suite by IANA's name for it. */
    static SuiteGroup of(String suite) {
        for (SuiteGroup group : values()) {
            if (group.has(suite)) {
                return group;
            }
        }
        throw new IllegalArgumentException("a suite without a group: " + suite);
    }

    private boolean has(String suite) {
        boolean aead = suite.contains("_GCM_") || suite.contains("_CCM") || suite.contains("CHACHA20");
        return switch (this) {
            case EXPORT -> suite.contains("EXPORT");
            case NULL_ENCRYPTION -> suite.contains("WITH_NULL");
            case ANONYMOUS -> suite.contains("_anon_");
            case RC4 -> suite.contains("_RC4_");
            case DES -> suite.contains("_DES_");
            case TRIPLE_DES -> suite.contains("_3DES_");
            case SEED_IDEA -> suite.contains("_SEED_") || suite.contains("_IDEA_");
            case STATIC_DH -> suite.startsWith("TLS_DH_") || suite.startsWith("TLS_ECDH_");
            case ECDHE_AEAD -> suite.startsWith("TLS_ECDHE_") && aead;
            case ECDHE_CBC -> suite.startsWith("TLS_ECDHE_") && !aead;
            case DHE_AEAD -> suite.startsWith("TLS_DHE_") && aead;
            case DHE_CBC -> suite.startsWith("TLS_DHE_") && !aead;
            case RSA_AEAD -> suite.startsWith("TLS_RSA_") && aead;
            case RSA_CBC -> suite.startsWith("TLS_RSA_") && !aead;
        };
    }
}
