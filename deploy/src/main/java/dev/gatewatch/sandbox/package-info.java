/**
 * The payment sandbox of the demo: a payment gateway in two regions, its certificate authority, its name servers, an inbox that
 * stands in for Slack, and the faults that can be switched on in them. Real sockets, loopback only.
 *
 * <p>Start reading at {@link dev.gatewatch.sandbox.Sandbox}. A new fault is one line in {@link dev.gatewatch.sandbox.Faults}; a new
 * kind of fault is one more {@link dev.gatewatch.sandbox.Effect} and the place that asks the {@link
 * dev.gatewatch.sandbox.World} for it.
 */
@NullMarked
package dev.gatewatch.sandbox;

import org.jspecify.annotations.NullMarked;
