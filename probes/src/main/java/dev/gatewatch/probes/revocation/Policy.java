package dev.gatewatch.probes.revocation;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** How much an operator wants of one way to learn whether a certificate is revoked. */
public enum Policy {
    /** Nothing is asked or judged. */
    OFF,
    /** What the server sends of itself is judged; nobody is asked. Of OCSP only. */
    STAPLED,
    /** Asked; who cannot be reached is passed over. */
    SOFT,
    /** Asked, and a valid answer has to come. */
    HARD;

    boolean asks() {
        return this == SOFT || this == HARD;
    }

    /** The words of the key {@code ocsp}. */
    static SequencedMap<String, Policy> ofOcsp() {
        var words = new LinkedHashMap<String, Policy>();
        words.put("off", OFF);
        words.put("stapled", STAPLED);
        words.put("soft", SOFT);
        words.put("hard", HARD);
        return words;
    }

    /** The words of the key {@code crl}. */
    static SequencedMap<String, Policy> ofCrl() {
        var words = ofOcsp();
        words.remove("stapled");
        return words;
    }
}
