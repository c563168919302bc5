package dev.gatewatch.probes.net;

import dev.gatewatch.probe.Deadline;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** Finds the addresses of a name. Safe for many threads. */
public interface Resolver {
    /**
     * The addresses of a name, of both families, in the order in which to try them.
     *
     * @param addresses at least one
     * @param took zero for an address written as such
     */
    record Resolved(List<InetAddress> addresses, Duration took) {
        public Resolved {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Resolves a name, or takes an address as it is.
     *
     * @param host without brackets
     * @throws UnresolvedException with the cause, also when the deadline passed
     * @throws InterruptedIOException when the calling thread was interrupted
     */
    Resolved resolve(String host, Deadline deadline) throws UnresolvedException, InterruptedIOException;

    /** This machine's resolver, shared by all probes. */
    static Resolver system() {
        return SystemResolver.SHARED;
    }
}
