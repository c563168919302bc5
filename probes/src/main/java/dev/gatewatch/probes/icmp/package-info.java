/** {@code type: icmp}: packets to a host and back, with loss, round trips and jitter. */
@NullMarked
package dev.gatewatch.probes.icmp;

import org.jspecify.annotations.NullMarked;
