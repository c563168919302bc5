package dev.gatewatch.probes.net;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Types;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/** Which addresses of a name to use. */
public enum IpFamily {
    /** All, in the resolver's order. */
    ANY,
    IP4,
    IP6,
    /** IPv4 first, IPv6 where there is none. */
    PREFER_IP4,
    /** IPv6 first, IPv4 where there is none. */
    PREFER_IP6;

    /** The key {@code ip_family}. */
    public static final Key<IpFamily> KEY = Key.withDefault(
            "ip_family",
            Types.oneOf(IpFamily.class),
            ANY,
            "any",
            "Which addresses to use: any, ip4 or ip6 only, prefer_ip4 or prefer_ip6 (the others where there is none of it).");

    /** Those of the addresses that are to be used, in the order in which to try them. */
    public List<InetAddress> pick(List<InetAddress> addresses) {
        List<InetAddress> four = addresses.stream().filter(Inet4Address.class::isInstance).toList();
        List<InetAddress> six = addresses.stream().filter(a -> !(a instanceof Inet4Address)).toList();
        return switch (this) {
            case ANY -> List.copyOf(addresses);
            case IP4 -> four;
            case IP6 -> six;
            case PREFER_IP4 -> four.isEmpty() ? six : four;
            case PREFER_IP6 -> six.isEmpty() ? four : six;
        };
    }

    /** For messages: {@code IPv4}, {@code IPv6}, or empty where either would do. */
    public String wanted() {
        return switch (this) {
            case IP4 -> "IPv4";
            case IP6 -> "IPv6";
            default -> "";
        };
    }
}
