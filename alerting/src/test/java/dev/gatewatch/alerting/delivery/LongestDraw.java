package dev.gatewatch.alerting.delivery;

import java.util.random.RandomGenerator;

/** No randomness: every draw is the greatest there is. */
final class LongestDraw implements RandomGenerator {
    @Override
    public long nextLong() {
        return Long.MAX_VALUE;
    }

    @Override
    public long nextLong(long origin, long bound) {
        return bound - 1;
    }
}
