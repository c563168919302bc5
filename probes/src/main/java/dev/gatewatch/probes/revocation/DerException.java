package dev.gatewatch.probes.revocation;

import java.io.IOException;

/** Bytes that are not what they should be; the message completes "it is malformed: …". */
final class DerException extends IOException {
    private static final long serialVersionUID = 1L;

    DerException(String message) {
        super(message);
    }
}
