/** The probe type {@code grpc}. */
@NullMarked
package dev.gatewatch.probes.grpc;

import org.jspecify.annotations.NullMarked;
