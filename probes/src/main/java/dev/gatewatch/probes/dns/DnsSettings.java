package dev.gatewatch.probes.dns;

import dev.gatewatch.probes.nameserver.Access;
import dev.gatewatch.probes.nameserver.NameServer;
import dev.gatewatch.probes.nameserver.Query;
import dev.gatewatch.probes.nameserver.Transport;
import java.util.List;
import java.util.Optional;

/**
 * What a dns probe asks, whom, and what it wants to hear. Immutable.
 *
 * @param resolvers at least one; the first also leads to the zone's name servers and to its keys
 * @param transport how name servers found by {@code authority} are asked
 * @param authorityPort where the zone's name servers listen; absent where they are not asked
 * @param dnssec absent where signatures are not checked
 */
record DnsSettings(
        Query query,
        List<NameServer> resolvers,
        Access access,
        Transport transport,
        Optional<Integer> authorityPort,
        Optional<DnssecSettings> dnssec,
        DnsExpectation expect) {
    DnsSettings {
        resolvers = List.copyOf(resolvers);
    }
}
