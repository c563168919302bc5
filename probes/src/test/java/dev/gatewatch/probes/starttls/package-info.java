/** Tests of how protocols start TLS. */
@org.jspecify.annotations.NullMarked
package dev.gatewatch.probes.starttls;
