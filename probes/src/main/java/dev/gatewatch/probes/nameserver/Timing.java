package dev.gatewatch.probes.nameserver;

import java.time.Duration;

/**
 * How long the parts of asking a name server took; zero for what was not needed or not reached. Immutable.
 *
 * @param resolve finding the server's own address
 * @param tls the handshake
 * @param request from the first packet of the question to the answer, with repetitions
 */
public record Timing(Duration resolve, Duration connect, Duration tls, Duration request) {
    static final Timing NONE = new Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    public Duration total() {
        return resolve.plus(connect).plus(tls).plus(request);
    }

    Timing plus(Timing other) {
        return new Timing(
                resolve.plus(other.resolve),
                connect.plus(other.connect),
                tls.plus(other.tls),
                request.plus(other.request));
    }

    static Timing ofResolve(Duration took) {
        return new Timing(took, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }
}
