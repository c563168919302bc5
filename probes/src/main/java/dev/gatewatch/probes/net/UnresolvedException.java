package dev.gatewatch.probes.net;

import java.net.UnknownHostException;

/** A name that could not be resolved, with its cause. */
public final class UnresolvedException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public UnresolvedException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
