package dev.gatewatch.probes.icmp;

import java.net.InetAddress;

/** Where {@link EchoSocket}s come from. Safe for many threads. */
@FunctionalInterface
interface EchoSockets {
    /** Opens a socket for packets to this address, or says why there is none. */
    EchoSocket open(InetAddress to, EchoOptions options) throws EchoException;
}
