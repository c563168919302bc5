package dev.gatewatch.probes.net;

import dev.gatewatch.probe.Evidence;
import java.net.UnknownHostException;
import java.util.List;

/** A name that could not be resolved, with its cause. */
public final class UnresolvedException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final transient List<Evidence> evidence;

    public UnresolvedException(Failure failure) {
        this(failure, List.of());
    }

    public UnresolvedException(Failure failure, List<Evidence> evidence) {
        super(failure.message());
        this.failure = failure;
        this.evidence = List.copyOf(evidence);
    }

    public Failure failure() {
        return failure;
    }

    /** What else was found out about the name. */
    public List<Evidence> evidence() {
        return evidence;
    }
}
