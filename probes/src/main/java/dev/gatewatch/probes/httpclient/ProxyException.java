package dev.gatewatch.probes.httpclient;

import dev.gatewatch.probes.net.Failure;
import java.io.IOException;

/** A proxy that did not open the way to the target, with the cause. */
final class ProxyException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    ProxyException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
