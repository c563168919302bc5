/** Tests of the probe type {@code reachability}. */
@org.jspecify.annotations.NullMarked
package dev.gatewatch.probes.reachability;
