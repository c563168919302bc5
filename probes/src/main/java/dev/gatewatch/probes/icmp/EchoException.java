package dev.gatewatch.probes.icmp;

import dev.gatewatch.probes.net.Failure;
import java.io.IOException;

/** Why no packets can be sent. */
final class EchoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    EchoException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
