/** The probe type {@code certificate}. */
@NullMarked
package dev.gatewatch.probes.certificate;

import org.jspecify.annotations.NullMarked;
