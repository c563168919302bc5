package dev.gatewatch.alerting.delivery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after failures in a row: exponential with full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015), so that
 * those who failed together do not come back together. Immutable but for the generator.
 */
record Backoff(Duration first, Duration longest, RandomGenerator random) {
    /** Even a lucky draw leaves a receiver in trouble this much peace. */
    private static final Duration LEAST = Duration.ofMillis(100);

    static Backoff of(RandomGenerator random) {
        return new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5), random);
    }

    Backoff atMost(Duration most) {
        return new Backoff(first, most.compareTo(longest) < 0 ? most : longest, random);
    }

    /**
     * A time between {@link #LEAST} and the ceiling, which doubles with each failure.
     *
     * @param failures in a row, from 1
     */
    Duration after(int failures) {
        int doublings = Math.min(failures - 1, 30);
        long ceiling = Math.min(longest.toMillis(), first.toMillis() << doublings);
        long least = Math.min(LEAST.toMillis(), ceiling);
        return Duration.ofMillis(random.nextLong(least, ceiling + 1));
    }

    /** What a receiver asked for, and a little more: never earlier, and not all at once. */
    Duration asAsked(Duration asked) {
        return asked.plusMillis(random.nextLong(0, 1_000));
    }
}
