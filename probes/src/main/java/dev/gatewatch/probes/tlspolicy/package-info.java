/** The probe type {@code tls_policy}. */
@NullMarked
package dev.gatewatch.probes.tlspolicy;

import org.jspecify.annotations.NullMarked;
