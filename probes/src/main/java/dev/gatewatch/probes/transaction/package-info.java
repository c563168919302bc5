/** The {@code transaction} probe type: a payment from its order to its callback, step by step. */
@NullMarked
package dev.gatewatch.probes.transaction;

import org.jspecify.annotations.NullMarked;
