package dev.gatewatch.probes.nativenet;

import java.io.IOException;

/** A call of the C library that failed. */
public final class NativeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    NativeException(String call, int errno) {
        super(call + ": " + Errno.words(errno));
        this.errno = errno;
    }

    /** One of {@link Errno}, or another of the system's numbers. */
    public int errno() {
        return errno;
    }

    /** Whether the system does not let this process do it. */
    public boolean forbidden() {
        return errno == Errno.EPERM || errno == Errno.EACCES;
    }
}
