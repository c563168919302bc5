/** Peers that mean harm, against whole probes and a whole engine. */
@NullMarked
package dev.gatewatch.probes.hostile;

import org.jspecify.annotations.NullMarked;
