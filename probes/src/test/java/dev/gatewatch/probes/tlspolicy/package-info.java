/** Tests of the probe type {@code tls_policy}. */
@org.jspecify.annotations.NullMarked
package dev.gatewatch.probes.tlspolicy;
