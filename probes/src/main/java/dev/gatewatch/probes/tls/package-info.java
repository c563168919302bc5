/** TLS as a probe sees it: settings, the chain that was presented and what is wrong with it, and why a handshake failed. */
@NullMarked
package dev.gatewatch.probes.tls;

import org.jspecify.annotations.NullMarked;
