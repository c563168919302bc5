/** Feeds mutated bytes to all that reads what a peer sent. */
@NullMarked
package dev.gatewatch.probes.fuzz;

import org.jspecify.annotations.NullMarked;
