package dev.gatewatch.probes.certificate;

import dev.gatewatch.probe.Run;
import java.io.InterruptedIOException;
import java.util.List;

/** Where certificates lie on this machine; a key store or files. Immutable, safe for many threads. */
interface Holdings {
    /** The bytes of a file that are read at most; larger ones are no certificates. */
    long MOST_BYTES = 8 << 20;

    /** As a person would call it. */
    String name();

    /**
     * Reads everything anew.
     *
     * @param concerns gets what cannot be read, and what should not be readable
     * @throws InterruptedIOException when the run was interrupted
     */
    List<Holding> read(Run run, Concerns concerns) throws InterruptedIOException;
}
