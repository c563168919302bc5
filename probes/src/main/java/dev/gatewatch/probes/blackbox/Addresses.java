package dev.gatewatch.probes.blackbox;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import java.util.SequencedMap;

/** The keys that say which addresses of a name to use, and from where. */
final class Addresses {
    static final Key<String> PREFERRED =
            Key.withDefault("preferred_ip_protocol", Types.text("ip4 or ip6", "ip[46]"), "ip6", "ip6", "IP version.");
    static final Key<Boolean> FALLBACK =
            Key.withDefault("ip_protocol_fallback", GoTypes.bool(), true, "true", "Whether the other version will do.");
    static final Key<String> SOURCE = Key.optional("source_ip_address", Types.text(), "Own address.");

    private Addresses() {}

    /** Puts our key {@code source_address} where one is written. */
    static void source(Section section, SequencedMap<String, Object> keys) {
        section.find(SOURCE).filter(address -> !address.isEmpty()).ifPresent(address -> keys.put("source_address", address));
    }

    /** The value of our key {@code ip_family}. */
    static String family(Section section) {
        return (section.get(FALLBACK) ? "prefer_" : "") + section.get(PREFERRED);
    }
}
