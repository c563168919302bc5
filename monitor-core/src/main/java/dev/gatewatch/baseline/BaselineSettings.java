package dev.gatewatch.baseline;

import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * What a person decides about a baseline; everything else is learnt. Immutable.
 *
 * @param zone whose days and weeks the rhythm follows
 * @param direction in which a change matters
 * @param scale how values are compared
 * @param leastChange the smallest change that matters, in the quantity's own unit, such as 0.3 ms; not negative
 * @param leastRatio the smallest change that matters as a share of the usual, such as 0.15. A sudden lasting change of up to twice this
 *     share is taken over as a new level without an alarm. On a linear scale it counts tenfold spreads
 */
public record BaselineSettings(
        ZoneId zone, Direction direction, Scale scale, double leastChange, double leastRatio) {
    /** In which direction a change matters. */
    public enum Direction {
        HIGHER,
        LOWER,
        BOTH
    }

    /** How values are compared. */
    public enum Scale {
        /** By their ratio: for latencies, sizes, counts. Values that are not positive are not looked at. */
        RATIO,
        /** By their difference: for anything else, such as a temperature. */
        LINEAR
    }

    public BaselineSettings {
        if (!(leastChange >= 0 && leastChange < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("least change " + leastChange);
        }
        if (!(leastRatio >= 0.01 && leastRatio <= 1)) {
            throw new IllegalArgumentException("least ratio " + leastRatio + " is not from 0.01 to 1");
        }
    }

    /** For latencies in milliseconds: slower matters, by 0.3 ms and 15 % at least, in days of UTC. */
    public static BaselineSettings latencyMillis() {
        return new BaselineSettings(ZoneOffset.UTC, Direction.HIGHER, Scale.RATIO, 0.3, 0.15);
    }

    /** For facts of which nothing is known: any change matters, in days of UTC. */
    public static BaselineSettings anyFact() {
        return new BaselineSettings(ZoneOffset.UTC, Direction.BOTH, Scale.LINEAR, 0, 0.15);
    }

    /** The same in another zone. */
    public BaselineSettings in(ZoneId other) {
        return new BaselineSettings(other, direction, scale, leastChange, leastRatio);
    }
}
