package dev.gatewatch.probes.reachability;

import dev.gatewatch.probe.Cause;
import java.util.Locale;

/** What became of an attempt to connect. */
enum State {
    OPEN,
    /** The host said no. */
    REFUSED,
    /** Nothing answered. */
    DROPPED,
    /** There is no route, or a router on it said no. */
    UNREACHABLE,
    /** This machine's own firewall stopped the packet. */
    BLOCKED,
    /** The name has no address. */
    UNRESOLVED,
    /** The attempt says nothing of the path: the daemon may not make it, or could not. */
    UNKNOWN;

    static State of(Cause cause) {
        return switch (cause) {
            case CONNECT_REFUSED, CONNECTION_RESET -> REFUSED;
            case CONNECT_TIMEOUT -> DROPPED;
            case CONNECT_UNREACHABLE -> UNREACHABLE;
            case NO_PERMISSION -> BLOCKED;
            case DNS_NXDOMAIN, DNS_NO_ADDRESS, DNS_SERVFAIL, DNS_TIMEOUT, DNS_REFUSED -> UNRESOLVED;
            default -> UNKNOWN;
        };
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
