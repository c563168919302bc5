package dev.gatewatch.probes.net;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probe.Deadline;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.util.List;

/**
 * Finds a target's addresses; where its name does not lead to any, the address that it led to last is tried, so that "the address
 * answers, the name does not" can be said. Immutable, safe for many threads.
 *
 * @param family which addresses to use
 */
public record Lookup(Resolver resolver, TargetPolicy policy, IpFamily family, LastAddresses last) {
    /** With the addresses that this process saw. */
    public Lookup(Resolver resolver, TargetPolicy policy, IpFamily family) {
        this(resolver, policy, family, LastAddresses.shared());
    }

    /**
     * The addresses to try, at least one, in order. Where a last address is known, some of the time is left for trying it.
     *
     * @throws UnresolvedException with the cause; {@link #explained} says more
     * @throws InterruptedIOException when the calling thread was interrupted
     */
    public List<InetAddress> addresses(HostPort target, Deadline deadline)
            throws UnresolvedException, InterruptedIOException {
        List<InetAddress> all =
                resolver.resolve(target.host(), last.lookup(target.host(), deadline)).addresses();
        List<InetAddress> usable = family.pick(all);
        if (usable.isEmpty()) {
            throw new UnresolvedException(
                    new Failure(Cause.DNS_NO_ADDRESS, target.host() + " has no " + family.wanted() + " address"));
        }
        last.remember(target.host(), all);
        return usable;
    }

    /**
     * The same failure with what became of a connection to the address that the name led to last, in message and evidence; unchanged
     * where none is known. Takes a second at most.
     *
     * @throws InterruptedIOException when the calling thread was interrupted
     */
    public UnresolvedException explained(UnresolvedException e, HostPort target, Deadline deadline)
            throws InterruptedIOException {
        if (e.failure().cause().causeClass() == CauseClass.OWN_SIDE) {
            return e;
        }
        return last.tryAfter(target, family, policy, deadline)
                .map(tried -> new UnresolvedException(
                        new Failure(e.failure().cause(), e.failure().message() + tried.clause()),
                        List.of(tried.evidence())))
                .orElse(e);
    }
}
