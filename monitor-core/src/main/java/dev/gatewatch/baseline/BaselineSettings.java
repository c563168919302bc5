package dev.gatewatch.baseline;

import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * What a person decides about a baseline; everything else is learnt. Immutable.
 *
 * @param zone whose days and weeks the rhythm follows
 * @param direction in which a change matters
 * @param leastChange the smallest change that matters, in the quantity's own unit, such as 0.3 ms; not negative
 * @param leastRatio the smallest lasting change that matters as a share of the usual, such as 0.15
 */
public record BaselineSettings(ZoneId zone, Direction direction, double leastChange, double leastRatio) {
    /** In which direction a change matters. */
    public enum Direction {
        HIGHER,
        LOWER,
        BOTH
    }

    public BaselineSettings {
        if (!(leastChange >= 0) || !(leastRatio > 0) || leastChange == Double.POSITIVE_INFINITY || leastRatio > 10) {
            throw new IllegalArgumentException("leastChange " + leastChange + ", leastRatio " + leastRatio);
        }
    }

    /** For latencies in milliseconds: slower matters, by 0.3 ms and 15 % at least, in days of UTC. */
    public static BaselineSettings latencyMillis() {
        return new BaselineSettings(ZoneOffset.UTC, Direction.HIGHER, 0.3, 0.15);
    }

    /** The same in another zone. */
    public BaselineSettings in(ZoneId other) {
        return new BaselineSettings(other, direction, leastChange, leastRatio);
    }
}
