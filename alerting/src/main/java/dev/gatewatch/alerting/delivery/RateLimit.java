package dev.gatewatch.alerting.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Keeps to a rate: in any stretch of its length no more messages than it allows. Confined to its lane's thread. */
final class RateLimit {
    private final Rate rate;

    /** When the latest messages were sent, oldest first, in nanoseconds. */
    private final Deque<Long> sent = new ArrayDeque<>();

    RateLimit(Rate rate) {
        this.rate = rate;
    }

    Rate rate() {
        return rate;
    }

    void sentAt(long nanos) {
        sent.addLast(nanos);
        if (sent.size() > rate.messages()) {
            sent.removeFirst();
        }
    }

    /** How long until the next message may be sent; zero when it may be sent now. */
    Duration untilNext(long now) {
        if (sent.size() < rate.messages()) {
            return Duration.ZERO;
        }
        return Duration.ofNanos(Math.max(0, sent.getFirst() + rate.per().toNanos() - now));
    }
}
