package dev.gatewatch.baseline.live;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The slow level of a baseline, once a day for four weeks: what a drift is seen against that is too slow for any alarm. Immutable, 200
 * bytes at most.
 */
final class Levels {
    static final Levels NONE = new Levels(new int[0], new float[0]);

    /** How many days are kept. */
    static final int DAYS = 28;

    private static final long DAY = Duration.ofDays(1).toMillis();

    /** Days of the epoch, rising. */
    private final int[] days;

    private final float[] levels;

    private Levels(int[] days, float[] levels) {
        this.days = days;
        this.levels = levels;
    }

    /** These with the level of this day, where it has none yet. */
    Levels with(Instant at, double level) {
        int today = Math.toIntExact(Math.floorDiv(at.toEpochMilli(), DAY));
        if (!(Double.isFinite(level) && level != 0) || (days.length > 0 && days[days.length - 1] >= today)) {
            return this;
        }
        int first = 0;
        while (first < days.length && days[first] < today - DAYS) {
            first++;
        }
        int kept = days.length - first;
        int[] when = new int[kept + 1];
        float[] what = new float[kept + 1];
        System.arraycopy(days, first, when, 0, kept);
        System.arraycopy(levels, first, what, 0, kept);
        when[kept] = today;
        what[kept] = (float) level;
        return new Levels(when, what);
    }

    /** A level as a multiple of the oldest that is known; nothing where that is of today. */
    Optional<Double> drift(Instant at, double level) {
        boolean known = days.length > 0 && days[0] < Math.floorDiv(at.toEpochMilli(), DAY) && Double.isFinite(level);
        return known ? Optional.of(level / levels[0]) : Optional.empty();
    }

    int size() {
        return 1 + days.length * (Integer.BYTES + Float.BYTES);
    }

    void write(ByteBuffer out) {
        out.put((byte) days.length);
        for (int i = 0; i < days.length; i++) {
            out.putInt(days[i]).putFloat(levels[i]);
        }
    }

    /** @throws IllegalArgumentException where these cannot be such bytes */
    static Levels read(ByteBuffer in) {
        int count = in.get();
        if (count < 0 || count > DAYS + 1) {
            throw new IllegalArgumentException(count + " days");
        }
        int[] days = new int[count];
        float[] levels = new float[count];
        for (int i = 0; i < count; i++) {
            days[i] = in.getInt();
            levels[i] = in.getFloat();
        }
        return new Levels(days, levels);
    }
}
