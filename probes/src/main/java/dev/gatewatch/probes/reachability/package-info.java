/** The probe type {@code reachability}. */
@NullMarked
package dev.gatewatch.probes.reachability;

import org.jspecify.annotations.NullMarked;
