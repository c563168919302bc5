package dev.gatewatch.probes.net;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probes.trace.Path;
import dev.gatewatch.probes.trace.PathTracer;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A failed connection attempt in the light of the path that its packets take. Immutable.
 *
 * @param failure with what the path shows: {@code route_broken} where a router says that there is no way on, or packets go in circles;
 *     otherwise as it was, with the last hop that answered
 * @param evidence the hops, where a trace was made
 */
public record PathEvidence(Failure failure, Optional<Evidence> evidence) {
    /** What a host that answers does not give cause for. */
    private static final Set<Cause> UNANSWERED = EnumSet.of(Cause.CONNECT_TIMEOUT, Cause.CONNECT_UNREACHABLE);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    /**
     * Asks for the path where the failure is one of those that it explains. Waits for a trace that is not at its end, up to half of
     * the time that is left.
     *
     * @param watch of the attempt, from its beginning
     * @throws InterruptedIOException when the run was interrupted
     */
    public static PathEvidence of(Failure failure, InetSocketAddress to, PathTracer.Watch watch, Deadline deadline)
            throws InterruptedIOException {
        if (!UNANSWERED.contains(failure.cause())) {
            return new PathEvidence(failure, Optional.empty());
        }
        Duration half = deadline.left().dividedBy(2);
        try {
            return watch.path(half.compareTo(LONGEST_WAIT) < 0 ? half : LONGEST_WAIT)
                    .map(path -> new PathEvidence(
                            explained(failure, to, path),
                            Optional.of(new Evidence("path to " + to.getAddress().getHostAddress(), path.listing()))))
                    .orElseGet(() -> new PathEvidence(failure, Optional.empty()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while tracing the path to " + NetFailures.show(to));
        }
    }

    private static Failure explained(Failure failure, InetSocketAddress to, Path path) {
        Optional<String> broken = path.broken();
        if (broken.isPresent()) {
            return new Failure(Cause.ROUTE_BROKEN, "the route to " + NetFailures.show(to) + " is broken: " + broken.get());
        }
        return path.lastAnswer()
                .map(hop -> new Failure(failure.cause(), failure.message() + "; the last on the path that answered is " + hop))
                .orElse(failure);
    }
}
