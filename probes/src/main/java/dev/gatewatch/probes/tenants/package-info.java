/** The {@code tenants} probe type: whether one tenant ever sees what is another's. */
@NullMarked
package dev.gatewatch.probes.tenants;

import org.jspecify.annotations.NullMarked;
