/**
 * Whether certificates are revoked: OCSP (RFC 6960), stapled and asked, and CRLs (RFC 5280). Shared by the probe types;
 * {@link dev.gatewatch.probes.revocation.RevocationCheck} is where to begin.
 */
@NullMarked
package dev.gatewatch.probes.revocation;

import org.jspecify.annotations.NullMarked;
