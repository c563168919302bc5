package dev.gatewatch.probes.starttls;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;

/** The peer answered, and not with a yes to TLS. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    private RefusedException(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    /** The peer speaks the protocol and does not start TLS. */
    static RefusedException noTls(String message) {
        return new RefusedException(new Failure(Cause.TLS_HANDSHAKE, message));
    }

    /** The peer does not speak the protocol, or is not ready to. */
    static RefusedException unexpected(String message) {
        return new RefusedException(new Failure(Cause.CONTENT_MISMATCH, message));
    }

    Failure failure() {
        return failure;
    }
}
