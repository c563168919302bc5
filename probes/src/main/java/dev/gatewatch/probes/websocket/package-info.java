/** The probe type {@code websocket}: an own client of RFC 6455, small and bounded in everything that a peer sends. */
@NullMarked
package dev.gatewatch.probes.websocket;

import org.jspecify.annotations.NullMarked;
