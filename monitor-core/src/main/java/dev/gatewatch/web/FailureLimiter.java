package dev.gatewatch.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Slows down guessing: an address that failed {@value #BURST} times waits, one further failure is forgiven every 6 seconds. Remembers
 * at most {@value #MOST} addresses, those that failed last. Safe for many threads.
 */
final class FailureLimiter {
    static final int BURST = 10;
    static final int MOST = 10_000;
    private static final Duration FORGIVEN_EVERY = Duration.ofSeconds(6);

    private final Clock clock;

    /** Per address: the instant at which all its failures will be forgiven. Guarded by this. */
    private final Map<String, Instant> forgivenAt = new LinkedHashMap<>();

    FailureLimiter(Clock clock) {
        this.clock = clock;
    }

    /** How long this address must wait before it may try again; empty when it need not. */
    synchronized Optional<Duration> mustWait(String address) {
        Instant at = forgivenAt.get(address);
        if (at == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Duration over = Duration.between(now, at).minus(FORGIVEN_EVERY.multipliedBy(BURST - 1));
        if (!at.isAfter(now)) {
            forgivenAt.remove(address);
        }
        return over.isPositive() ? Optional.of(over) : Optional.empty();
    }

    synchronized void failed(String address) {
        Instant now = clock.instant();
        Instant before = forgivenAt.remove(address);
        Instant from = before == null || before.isBefore(now) ? now : before;
        forgivenAt.put(address, from.plus(FORGIVEN_EVERY));
        if (forgivenAt.size() > MOST) {
            var oldest = forgivenAt.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }
}
