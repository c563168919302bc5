package dev.gatewatch.baseline;

import dev.gatewatch.baseline.BaselineSettings.Direction;
import dev.gatewatch.baseline.BaselineSettings.Scale;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Turns values into numbers in which a tenth is a tenth, and worse is more: logarithms, or on a linear scale tenths of spreads, as learnt
 * from the first values. Mirrored where lower is worse.
 */
final class Yardstick {
    private static final int FIRST = 32;
    private static final int MOST_WAITING = 320;
    /** Spreads up to which it is linear. */
    private static final double LINEAR = 10;


    private final boolean ratio;
    private final double sign;
    private double centre;
    private double unit = Double.NaN;
    private int count;
    private int waited;
    private final float[] first;

    Yardstick(Scale scale, Direction direction) {
        ratio = scale == Scale.RATIO;
        sign = direction == Direction.LOWER ? -1 : 1;
        first = ratio ? new float[0] : new float[FIRST];
    }

    /** NaN where the value cannot be measured, or the scale is not known yet. */
    double measure(double value) {
        if (ratio) {
            return value > 0 && value < Double.POSITIVE_INFINITY ? sign * Math.log(value) : Double.NaN;
        }
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.NaN;
        }
        if (Double.isNaN(unit)) {
            first[count++] = (float) value;
            if (count == FIRST) {
                settle();
            }
            return Double.NaN;
        }
        return sign * asinh((value - centre) / (LINEAR * unit));
    }

    double value(double measured) {
        return ratio ? Math.exp(sign * measured) : centre + sign * LINEAR * unit * Math.sinh(measured);
    }

    /** Once a few values differ: linear up to ten spreads, logarithmic beyond, as facts often have heavy tails. */
    private void settle() {
        float[] sorted = first.clone();
        Arrays.sort(sorted);
        centre = sorted[FIRST / 2];
        double range = sorted[FIRST - 1] - (double) sorted[0];
        if (range == 0 && waited < MOST_WAITING) {
            // constant so far: nothing says yet how much would be much
            waited += FIRST;
            count = 0;
            return;
        }
        for (int i = 0; i < FIRST; i++) {
            sorted[i] = (float) Math.abs(sorted[i] - centre);
        }
        Arrays.sort(sorted);
        double spread = 1.4826 * sorted[FIRST / 2];
        unit = Math.max(Math.max(spread, 0.05 * range), Math.max(Math.abs(centre) * 1e-3, 1e-9));
    }

    private static double asinh(double x) {
        double positive = Math.log(Math.abs(x) + Math.sqrt(x * x + 1));
        return x < 0 ? -positive : positive;
    }

    void write(ByteBuffer out) {
        out.putDouble(centre).putDouble(unit).putInt(count).putInt(waited);
        for (float value : first) {
            out.putFloat(value);
        }
    }

    void read(ByteBuffer in) {
        centre = in.getDouble();
        unit = in.getDouble();
        count = Math.clamp(in.getInt(), 0, FIRST);
        waited = in.getInt();
        for (int i = 0; i < first.length; i++) {
            first[i] = in.getFloat();
        }
    }

    void take(Yardstick other) {
        centre = other.centre;
        unit = other.unit;
    }
}
