package dev.gatewatch.probes.trace;

import java.time.Duration;

/** A way to find out the hops to an address. Safe for many threads. */
@FunctionalInterface
interface Route {
    /** Adds hops to the tracing as they become known, for at most so long. */
    void find(Tracing tracing, Duration atMost) throws InterruptedException;
}
