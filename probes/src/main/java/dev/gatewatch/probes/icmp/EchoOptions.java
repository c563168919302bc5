package dev.gatewatch.probes.icmp;

import java.net.InetAddress;
import java.util.Optional;

/**
 * How packets are sent. Immutable.
 *
 * @param size bytes of payload behind the ICMP header
 * @param ttl hops that a packet may take
 * @param dontFragment whether routers must drop what is too big for a link instead of cutting it
 * @param source the address of this machine to send from; the route's own when absent
 */
record EchoOptions(int size, int ttl, boolean dontFragment, Optional<InetAddress> source) {}
