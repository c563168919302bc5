package dev.gatewatch.probes.nameserver;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import java.util.EnumSet;
import java.util.Set;

/** Why one address gave no answer. */
final class NoReply extends Exception {
    private static final long serialVersionUID = 1L;

    /** Where another address of the same server may do better. */
    private static final Set<Cause> PASSING = EnumSet.of(
            Cause.DNS_TIMEOUT,
            Cause.CONNECT_REFUSED,
            Cause.CONNECT_TIMEOUT,
            Cause.CONNECT_UNREACHABLE,
            Cause.CONNECTION_RESET);

    private final transient Failure failure;

    NoReply(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    NoReply(Cause cause, String message) {
        this(new Failure(cause, message));
    }

    Failure failure() {
        return failure;
    }

    boolean worthAnotherAddress() {
        return PASSING.contains(failure.cause());
    }
}
