/** Sockets that the JDK does not have, through {@code java.lang.foreign}: ICMP, hop limits, and what routers answered. Linux only. */
@NullMarked
package dev.gatewatch.probes.nativenet;

import org.jspecify.annotations.NullMarked;
