/** The path that packets take to an address, found out when connections to it fail. */
@NullMarked
package dev.gatewatch.probes.trace;

import org.jspecify.annotations.NullMarked;
