package dev.gatewatch.probes.http3;

import io.netty.handler.codec.http3.Http3Headers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okio.ByteString;

/**
 * What comes in for one exchange, from the packets' thread to the run's. Bounded by the connection's flow control: nothing more is asked
 * for than was taken out. Safe for many threads.
 */
final class Inbox {
    private final LinkedBlockingQueue<Item> items = new LinkedBlockingQueue<>();

    /** Something that came in. */
    sealed interface Item {}

    /** The peer has sent a packet. */
    record Alive() implements Item {}

    /** The connection stands. */
    record Connected() implements Item {}

    record Head(Http3Headers headers) implements Item {}

    record Data(ByteString bytes) implements Item {}

    /** The response is complete. */
    record End() implements Item {}

    /** It came to nothing. */
    record Broken(IOException why) implements Item {}

    void put(Item item) {
        items.add(item);
    }

    /**
     * Waits for the next item.
     *
     * @return absent where none came in time
     * @throws IOException where the exchange broke
     */
    Optional<Item> take(Duration atMost) throws IOException {
        try {
            Item item = items.poll(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
            if (item instanceof Broken(IOException why)) {
                throw why;
            }
            return Optional.ofNullable(item);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for HTTP/3");
        }
    }
}
