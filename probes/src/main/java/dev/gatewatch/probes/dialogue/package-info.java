/** Conversations over a connection, step by step: what to wait for, what to send, when to start TLS. */
@NullMarked
package dev.gatewatch.probes.dialogue;

import org.jspecify.annotations.NullMarked;
