/** The probe type {@code resources}: a target's own metrics as facts, with thresholds, rates and the time until something is used up. */
@NullMarked
package dev.gatewatch.probes.resources;

import org.jspecify.annotations.NullMarked;
