package dev.gatewatch.probes.dns;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.ResolverConfig;

/**
 * Whom to ask. Immutable.
 *
 * @param server absent for the machine's own resolver
 */
record ResolverAddress(Optional<HostPort> server) {
    static final ResolverAddress SYSTEM = new ResolverAddress(Optional.empty());

    static final ValueType<ResolverAddress> TYPE = Types.scalar(
            "system, or a resolver's address as 9.9.9.9, 127.0.0.1:5353 or [::1]:53", Map.of("type", "string"), text -> {
                if (text.equals("system")) {
                    return Optional.of(SYSTEM);
                }
                String bracketed = text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[") ? "[" + text + "]" : text;
                return HostPort.parse(bracketed, 53).map(a -> new ResolverAddress(Optional.of(a)));
            });

    /**
     * Where to send. The system's resolver is read anew each time (at little cost), since a DHCP lease may change it.
     *
     * @throws UnknownHostException when the resolver is given by a name that does not resolve
     */
    InetSocketAddress resolve() throws UnknownHostException {
        if (server.isPresent()) {
            return new InetSocketAddress(
                    InetAddress.getByName(server.get().host()), server.get().port());
        }
        return ResolverConfig.getCurrentConfig().server();
    }

    @Override
    public String toString() {
        return server.map(s -> s.port() == 53 ? s.host() : s.toString()).orElse("system");
    }
}
