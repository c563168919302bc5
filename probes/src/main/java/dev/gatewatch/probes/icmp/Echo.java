package dev.gatewatch.probes.icmp;

import dev.gatewatch.probes.nativenet.SocketError;
import java.util.OptionalInt;

/** What came back for a packet. Immutable. */
sealed interface Echo {
    /** Which packet it answers, from 0. */
    int sequence();

    /**
     * The packet as it was sent.
     *
     * @param atNanos when it arrived, on the scale of {@link System#nanoTime}
     * @param hopLimit what was left of the TTL or hop limit, where known
     */
    record Reply(int sequence, long atNanos, OptionalInt hopLimit) implements Echo {}

    /** A reply with another content than was sent. */
    record Damaged(int sequence) implements Echo {}

    /** An error, from a router or the host, in the place of a reply. */
    record Refused(int sequence, SocketError error) implements Echo {}
}
