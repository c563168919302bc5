package dev.gatewatch.probes.nameserver;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.probes.net.Resolver;
import java.time.Clock;

/** The key {@code resolver} of probes that find their target by name. */
public final class ResolverKeys {
    /** For {@link dev.gatewatch.probe.ProbeType#keys}. */
    public static final Key<NameServer> RESOLVER = Key.withDefault(
            "resolver",
            NameServer.TYPE,
            NameServer.SYSTEM,
            "system",
            "Whom to ask for the target's addresses: `system` is the machine's own way, with its hosts file; a name server is asked"
                    + " by HOST[:PORT] or udp://, over tcp://, tls:// (DoT, port 853; tls://ADDRESS#NAME for the certificate's"
                    + " name) or https://HOST/dns-query (DoH by POST; {?dns} at the end for GET).");

    private ResolverKeys() {}

    /** The resolver that a section asks for. */
    public static Resolver of(Section section) {
        NameServer server = section.get(RESOLVER);
        return server.isSystem() ? Resolver.system() : new ServerResolver(server, Access.of(section), Clock.systemUTC());
    }
}
