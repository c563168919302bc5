package dev.gatewatch.baseline;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How single runs scatter about the usual: their spread, and their whole distribution by time of day, in bins of the inverse hyperbolic
 * sine of spreads (fine in the middle, a factor a few bins in the tail).
 */
final class Residuals {
    static final int BINS = 36;
    private static final double LOW = -3;
    private static final double WIDTH = 0.25;
    private static final int HOURS = 3;
    private static final int CLASSES = 24 / HOURS;
    /** Runs that the whole day's distribution weighs against a time of day's own. */
    private static final double WHOLE_DAY = 400;

    private static final double PRIOR_RUNS = 30;
    private static final double MEMORY = 20_000;
    private static final double LEAST_SPREAD = 0.015;
    private static final double[] PRIOR = prior();

    private final float[][] seen = new float[CLASSES + 1][BINS];
    private double spread = 0.1;
    private long runs;

    double spread() {
        return spread;
    }

    static int bin(double spreads) {
        return Math.clamp((int) ((asinh(spreads) - LOW) / WIDTH), 0, BINS - 1);
    }

    /** The upper edge of a bin, in spreads. */
    static double edge(int bin) {
        return Math.sinh(LOW + (bin + 1) * WIDTH);
    }

    static int timeOfDay(Week week, long at) {
        return Math.floorMod(week.period(at, HOURS), CLASSES);
    }

    /** The same day by a clock that is ahead by so many half hours, to the nearest class. */
    void turnClock(int ahead) {
        float[][] before = seen.clone();
        int classes = (int) Math.round(ahead / (2.0 * HOURS));
        for (int i = 0; i < CLASSES; i++) {
            seen[Math.floorMod(i + classes, CLASSES)] = before[i];
        }
    }

    void learn(int timeOfDay, int bin, double off) {
        seen[timeOfDay][bin]++;
        seen[CLASSES][bin]++;
        double rate = 0.8 / Math.min(runs / 2.0 + 15, 3000);
        spread = Math.max(LEAST_SPREAD, spread * Math.exp(Math.abs(off) > 0.6745 * spread ? rate : -rate));
        runs++;
    }

    /** Lets the old weigh less; once in a while. */
    void age() {
        if (sum(seen[CLASSES]) > MEMORY) {
            for (float[] counts : seen) {
                for (int i = 0; i < BINS; i++) {
                    counts[i] *= 0.97f;
                }
            }
        }
    }

    /** The distribution at a time of day: for each bin, the probability of it and all below; first 0, last 1. */
    double[] distribution(int timeOfDay) {
        double whole = sum(seen[CLASSES]);
        double own = sum(seen[timeOfDay]);
        double[] below = new double[BINS + 1];
        for (int i = 0; i < BINS; i++) {
            double any = (seen[CLASSES][i] + PRIOR_RUNS * PRIOR[i]) / (whole + PRIOR_RUNS);
            below[i + 1] = below[i] + (seen[timeOfDay][i] + WHOLE_DAY * any) / (own + WHOLE_DAY);
        }
        return below;
    }

    /** The probability of being off by no more than this. */
    double below(double[] distribution, double off) {
        double at = (asinh(off / spread) - LOW) / WIDTH;
        if (at <= 0) {
            return 0;
        }
        if (at >= BINS) {
            return distribution[BINS];
        }
        int bin = (int) at;
        return distribution[bin] + (at - bin) * (distribution[bin + 1] - distribution[bin]);
    }

    /** What a run is off by that exceeds this share of runs. */
    double quantile(double[] distribution, double share) {
        int bin = 0;
        while (bin < BINS - 1 && distribution[bin + 1] < share) {
            bin++;
        }
        double inside = (share - distribution[bin]) / Math.max(1e-12, distribution[bin + 1] - distribution[bin]);
        return spread * Math.sinh(LOW + (bin + Math.clamp(inside, 0, 1)) * WIDTH);
    }

    void merge(Residuals other) {
        double whole = runs + other.runs;
        if (whole > 0) {
            spread = (runs * spread + other.runs * other.spread) / whole;
        }
        runs += other.runs;
        for (int c = 0; c <= CLASSES; c++) {
            for (int i = 0; i < BINS; i++) {
                seen[c][i] += other.seen[c][i];
            }
        }
    }

    private static float sum(float[] counts) {
        float sum = 0;
        for (float count : counts) {
            sum += count;
        }
        return sum;
    }

    private static double asinh(double x) {
        double positive = Math.log(Math.abs(x) + Math.sqrt(x * x + 1));
        return x < 0 ? -positive : positive;
    }

    /** Mostly normal, three in a hundred in a heavy tail, most of it above. */
    private static double[] prior() {
        double[] prior = new double[BINS];
        for (int i = 0; i < BINS; i++) {
            double from = edge(i - 1);
            double to = edge(i);
            double middle = (from + to) / 2;
            double normal = 0.97 * Math.exp(-middle * middle / 2) / Math.sqrt(2 * Math.PI);
            double tail = 0.03 * (middle > 0 ? 0.4 : 0.1) * Math.pow(1 + Math.abs(middle) / 2, -2.2);
            prior[i] = (normal + tail) * (to - from);
        }
        double whole = Arrays.stream(prior).sum();
        for (int i = 0; i < BINS; i++) {
            prior[i] /= whole;
        }
        return prior;
    }

    void write(ByteBuffer out) {
        for (float[] counts : seen) {
            for (float count : counts) {
                out.putFloat(count);
            }
        }
        out.putDouble(spread).putLong(runs);
    }

    void read(ByteBuffer in) {
        for (float[] counts : seen) {
            for (int i = 0; i < BINS; i++) {
                counts[i] = in.getFloat();
            }
        }
        spread = Math.max(LEAST_SPREAD, in.getDouble());
        runs = in.getLong();
    }
}
