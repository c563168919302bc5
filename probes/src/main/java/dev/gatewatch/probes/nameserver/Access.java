package dev.gatewatch.probes.nameserver;

import dev.gatewatch.config.Section;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.TargetPolicy;
import dev.gatewatch.probes.tls.TlsSettings;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The way to name servers. Immutable, safe for many threads.
 *
 * @param resolver finds the address of a name server that is given by a name
 * @param policy asked before every packet to a name server, but for the machine's own
 * @param family which of a server's addresses to use
 * @param tls for servers over TLS and HTTPS
 * @param source the local address to send from
 */
public record Access(
        Resolver resolver, TargetPolicy policy, IpFamily family, TlsSettings tls, Optional<InetAddress> source) {
    /** By the system's resolver, under the policy of the configuration that the section stands in. */
    public static Access of(Section section) {
        return new Access(
                Resolver.system(), TargetPolicy.of(section), IpFamily.ANY, TlsSettings.standard(), Optional.empty());
    }

    /** The same with other settings. */
    public Access with(IpFamily otherFamily, TlsSettings otherTls, Optional<InetAddress> otherSource) {
        return new Access(resolver, policy, otherFamily, otherTls, otherSource);
    }

    /** The same by another resolver. */
    public Access by(Resolver other) {
        return new Access(other, policy, family, tls, source);
    }
}
