/** HTTP/3: one request over one QUIC connection (RFC 9000, RFC 9114), to a given address and with TLS as a run has it. */
@NullMarked
package dev.gatewatch.probes.http3;

import org.jspecify.annotations.NullMarked;
