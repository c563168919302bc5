/** Programs that measure the baselines: detection and false alarms on the benches, and cost. Not part of the product. */
@NullMarked
package dev.gatewatch.baseline.bench;

import org.jspecify.annotations.NullMarked;
