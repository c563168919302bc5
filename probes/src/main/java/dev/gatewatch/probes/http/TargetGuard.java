package dev.gatewatch.probes.http;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Keeps a target from sending us, by a redirect, to what only this machine can reach: itself and the link, where clouds serve their
 * metadata. The configuration may name such addresses; a redirect may not lead there from elsewhere. Pure function.
 */
final class TargetGuard {
    private TargetGuard() {}

    /**
     * Whether a redirect may go on to an address.
     *
     * @param first the address that the configured URL led to
     */
    static Optional<Failure> refuses(InetAddress first, InetAddress to) {
        boolean inward = (inward(to) && !inward(first)) || (to.isLinkLocalAddress() && !first.isLinkLocalAddress());
        return inward
                ? Optional.of(new Failure(
                        Cause.TARGET_FORBIDDEN,
                        "a redirect leads to " + to.getHostAddress()
                                + ", which only this machine can reach; it was not followed"))
                : Optional.empty();
    }

    private static boolean inward(InetAddress address) {
        return address.isLoopbackAddress() || address.isAnyLocalAddress();
    }
}
