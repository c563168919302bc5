package dev.gatewatch.probes.reachability;

import dev.gatewatch.config.HostPort;
import java.time.Duration;
import java.util.Optional;

/**
 * A way from here to a host and port, and what is wanted of it. Immutable.
 *
 * @param name unique within the probe
 */
record Path(String name, HostPort to, Wanted wanted) {
    /** What is wanted of a path. */
    sealed interface Wanted {}

    /** It must connect, within the bound if there is one. */
    record Open(Optional<Duration> latency) implements Wanted {}

    /** It must not connect. */
    record Closed(How how) implements Wanted {}

    boolean mustConnect() {
        return wanted instanceof Open;
    }

    /** Name and place, once where they are the same. */
    String shown() {
        return name.equals(to.toString()) ? name : name + " (" + to + ")";
    }
}
