package dev.gatewatch.probes.icmp;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Packets to one address and what comes back. Confined to the run's thread. */
interface EchoSocket extends AutoCloseable {
    /** Sends the packet of this number, 0 to 65535. */
    void send(int sequence) throws IOException;

    /**
     * What comes back next, for whichever packet of this socket; nothing where nothing came in time.
     *
     * @throws java.io.InterruptedIOException when the calling thread was interrupted
     */
    Optional<Echo> next(Duration atMost) throws IOException;

    @Override
    void close();
}
