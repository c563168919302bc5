/** The probe type {@code tcp}. */
@NullMarked
package dev.gatewatch.probes.tcp;

import org.jspecify.annotations.NullMarked;
