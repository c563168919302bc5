package dev.gatewatch.probes.http;

import dev.gatewatch.probes.net.Failure;

/** Ends a run with a cause. */
final class ProbeFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    ProbeFailure(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
