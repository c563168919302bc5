/** How protocols ask for TLS on a connection that began without it. */
@NullMarked
package dev.gatewatch.probes.starttls;

import org.jspecify.annotations.NullMarked;
