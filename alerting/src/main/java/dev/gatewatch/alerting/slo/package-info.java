/** Objectives: good and bad runs counted over up to 90 days, in the store and in bounded memory. */
@NullMarked
package dev.gatewatch.alerting.slo;

import org.jspecify.annotations.NullMarked;
