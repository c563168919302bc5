package dev.gatewatch.probes.revocation;

import dev.gatewatch.probes.net.Failure;
import java.io.IOException;

/** Something that could not be fetched, with what to say of it. */
final class FetchException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    FetchException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
