/** The {@code permissions} probe type: who may do what, and who must not. */
@NullMarked
package dev.gatewatch.probes.permissions;

import org.jspecify.annotations.NullMarked;
