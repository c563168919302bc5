package dev.gatewatch.probes.nameserver;

import dev.gatewatch.probes.net.Failure;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.time.Duration;
import org.xbill.DNS.Message;

/** What came of asking one name server. Immutable. */
public sealed interface Reply {
    /** Whom we asked. */
    NameServer from();

    /** Also of what failed. */
    Timing timing();

    default Duration took() {
        return timing().total();
    }

    /**
     * A message that answers our question, with whatever code.
     *
     * @param at the address that answered
     * @param overTcp whether it came truncated by datagram first, and whole over TCP
     * @param repeated how often the question had to be sent again
     * @param ignored packets that came and were not believed: another id, another question
     */
    record Answer(
            NameServer from,
            InetSocketAddress at,
            Timing timing,
            Message message,
            boolean overTcp,
            int repeated,
            int ignored)
            implements Reply {}

    /**
     * No message that could be believed and understood.
     *
     * @param at the address asked last; absent where none was
     */
    record Silence(NameServer from, Optional<InetSocketAddress> at, Timing timing, Failure failure) implements Reply {}
}
