/** Name servers and how to ask them: over UDP, TCP, TLS and HTTPS. Shared by the dns type and by probes with a resolver of their own. */
@NullMarked
package dev.gatewatch.probes.nameserver;

import org.jspecify.annotations.NullMarked;
