package dev.gatewatch.view;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The usual range of one series over the last day, one point each ten minutes, which is as often as a baseline's level moves: 16 bytes a
 * point, 2.3 kB a series. Immutable.
 */
public final class Bands {
    /** Nothing is known. */
    public static final Bands NONE = new Bands(new int[0], new float[0]);

    /** How far apart points are. */
    public static final Duration EVERY = Duration.ofMinutes(10);

    /** The most points: a day and one. */
    public static final int MOST = 145;

    private static final int MINUTE = 60_000;
    private static final int VALUES = 3;

    /** Minutes of the epoch, rising. */
    private final int[] minutes;

    /** Lower, middle and upper of each point. */
    private final float[] values;

    private Bands(int[] minutes, float[] values) {
        this.minutes = minutes;
        this.values = values;
    }

    /** One point. */
    public record Point(Instant at, double lower, double middle, double upper) {}

    /** Whether it is time for another point. */
    public boolean due(Instant at) {
        return minutes.length == 0 || at.toEpochMilli() / MINUTE - minutes[minutes.length - 1] >= EVERY.toMinutes();
    }

    /** These with another one, which is later than all; the oldest are dropped. */
    public Bands with(Point point) {
        int minute = Math.toIntExact(point.at().toEpochMilli() / MINUTE);
        int first = Math.max(0, minutes.length + 1 - MOST);
        while (first < minutes.length && minutes[first] < minute - MOST * EVERY.toMinutes()) {
            first++;
        }
        int kept = minutes.length - first;
        int[] at = new int[kept + 1];
        float[] what = new float[VALUES * (kept + 1)];
        System.arraycopy(minutes, first, at, 0, kept);
        System.arraycopy(values, VALUES * first, what, 0, VALUES * kept);
        at[kept] = minute;
        what[VALUES * kept] = (float) point.lower();
        what[VALUES * kept + 1] = (float) point.middle();
        what[VALUES * kept + 2] = (float) point.upper();
        return new Bands(at, what);
    }

    /** Whether they tell of a whole day, but for some gaps. */
    public boolean coverADay() {
        return minutes.length > MOST * 3 / 4;
    }

    /** Those from a moment on, oldest first. */
    public List<Point> since(Instant from) {
        long least = from.toEpochMilli() / MINUTE;
        var points = new ArrayList<Point>();
        for (int i = 0; i < minutes.length; i++) {
            if (minutes[i] >= least) {
                points.add(new Point(
                        Instant.ofEpochMilli((long) minutes[i] * MINUTE),
                        values[VALUES * i],
                        values[VALUES * i + 1],
                        values[VALUES * i + 2]));
            }
        }
        return points;
    }

    /** All of it, to be kept. */
    public void write(ByteBuffer out) {
        out.putShort((short) minutes.length);
        for (int i = 0; i < minutes.length; i++) {
            out.putInt(minutes[i]);
            for (int v = 0; v < VALUES; v++) {
                out.putFloat(values[VALUES * i + v]);
            }
        }
    }

    /** How many bytes {@link #write} takes. */
    public int size() {
        return Short.BYTES + minutes.length * (Integer.BYTES + VALUES * Float.BYTES);
    }

    /**
     * Some that were written.
     *
     * @throws BufferUnderflowException where they are cut off
     * @throws IllegalArgumentException where these cannot be such bytes
     */
    public static Bands read(ByteBuffer in) {
        int count = in.getShort();
        if (count < 0 || count > MOST) {
            throw new IllegalArgumentException(count + " points");
        }
        int[] minutes = new int[count];
        float[] values = new float[VALUES * count];
        for (int i = 0; i < count; i++) {
            minutes[i] = in.getInt();
            for (int v = 0; v < VALUES; v++) {
                values[VALUES * i + v] = in.getFloat();
            }
        }
        return new Bands(minutes, values);
    }
}
