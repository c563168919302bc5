package dev.gatewatch.probes.blackbox;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probes.blackbox.Module.Translation;
import java.util.LinkedHashMap;
import java.util.List;

/** The {@code icmp} block of a module: one packet, and its reply. */
final class IcmpModule {
    /** Bytes of the text that blackbox_exporter sends. */
    private static final int USUAL_SIZE = 28;

    private static final int LARGEST = 65_507;
    private static final int STANDARD_TTL = 64;

    private static final Key<Integer> SIZE = Key.withDefault(
            "payload_size", Types.integer(0, LARGEST), 0, "28", "Bytes of payload.");
    private static final Key<Boolean> DONT_FRAGMENT =
            Key.withDefault("dont_fragment", GoTypes.bool(), false, "false", "Whether routers may not cut the packet.");
    private static final Key<Integer> TTL = Key.withDefault("ttl", Types.integer(0, 255), 0, "64", "Routers to pass.");

    static final SectionType<Translation> TYPE = SectionType.of(
            "icmp",
            List.of(SIZE, DONT_FRAGMENT, TTL, Addresses.PREFERRED, Addresses.FALLBACK, Addresses.SOURCE),
            IcmpModule::read);

    private IcmpModule() {}

    private static Translation read(Section section) {
        var keys = new LinkedHashMap<String, Object>();
        keys.put("count", 1);
        keys.put("wait", "60s"); // as far as the time-out lets it
        keys.put("size", section.get(SIZE) == 0 ? USUAL_SIZE : section.get(SIZE));
        keys.put("ttl", section.get(TTL) == 0 ? STANDARD_TTL : section.get(TTL));
        if (section.get(DONT_FRAGMENT)) {
            keys.put("dont_fragment", true);
        }
        keys.put("ip_family", Addresses.family(section));
        Addresses.source(section, keys);
        return new Translation("icmp", keys, (target, _, aimed) -> aimed.putFirst("target", target));
    }
}
