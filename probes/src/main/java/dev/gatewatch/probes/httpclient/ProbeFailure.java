package dev.gatewatch.probes.httpclient;

import dev.gatewatch.probes.net.Failure;

/** Ends a run with a cause. */
public final class ProbeFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public ProbeFailure(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }

    /** Tells it to the report of a conversation, with where redirects had led, and without secrets. */
    public void tell(HttpSession session) {
        new Failure(failure.cause(), session.redaction().line(failure.message() + session.where())).tell(session.report());
    }
}
