package dev.gatewatch.baseline;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Evidence that some runs are far slower than usual while most are not: CUSUMs of the likelihood ratio of the learnt distribution of
 * runs against a mixture of it with a few of the same runs made m times slower, for several m. As the whole distribution is used, a
 * series that usually has one slow answer in eight (a cache) is still told from one that has another kind of slow answer.
 *
 * <p>Slow runs often come in bursts of a few; how often one follows another is learnt, and a follower counts for as much less.
 */
final class Tail {
    /** Natural logarithms of how many times slower. */
    private static final double[] TIMES = {Math.log(2), Math.log(3), Math.log(5), Math.log(10)};

    private static final double FEW = 0.06;
    private static final double MOST = 30;
    private static final double MOST_AT_ONCE = 4;
    private static final double FAR = 0.35;
    private static final double FAR_SPREADS = 2.5;
    /** Runs without a far one after which it is over. */
    private static final int QUIET = 45;

    private final int[] shifts;
    private final boolean back;
    private final double[] sums;
    private final long[] since;
    private double alone = 0.02;
    private double followed = 0.1;
    private boolean before;
    private int quiet;
    private int lately;
    private int farLately;
    private long runs;

    /** Derived from the residuals, made anew each time of day. */
    private float @org.jspecify.annotations.Nullable [][] ratios;

    private int timeOfDay = -1;
    private double lessWhenFollowing;

    private Tail(boolean back, int... shifts) {
        this.back = back;
        this.shifts = shifts;
        sums = new double[shifts.length];
        since = new long[shifts.length];
    }

    /** For runs that are worse than usual. */
    static Tail worse() {
        return new Tail(false, 0, 1, 2, 3);
    }

    /** For runs that are off the other way. */
    static Tail better() {
        return new Tail(true, 1);
    }

    /** What is far off, beyond the usual. */
    static double far(double spread) {
        return Math.max(FAR, FAR_SPREADS * spread);
    }

    /** The evidence of each shift lies in {@link #evidence} afterwards. */
    void see(long at, int time, int bin, double off, Residuals residuals) {
        float[][] table = ratios;
        if (table == null || time != timeOfDay) {
            table = table(residuals, time);
        }
        boolean far = (back ? -off : off) > far(residuals.spread());
        boolean any = false;
        for (int i = 0; i < shifts.length; i++) {
            double ratio = table[i][bin];
            if (far && before) {
                ratio = ratio > lessWhenFollowing ? ratio - lessWhenFollowing : Math.min(ratio, 0);
            }
            double sum = sums[i] + ratio;
            if (sum <= 0) {
                sums[i] = 0;
                continue;
            }
            if (sums[i] == 0) {
                since[i] = at;
            }
            sums[i] = Math.min(MOST, sum);
            any = true;
        }
        quiet = far ? 0 : quiet + 1;
        if (quiet > QUIET || !any) {
            Arrays.fill(sums, 0);
            lately = 0;
            farLately = 0;
        } else {
            lately++;
            farLately += far ? 1 : 0;
        }
    }

    /** After {@link #see}: learns from that same run. */
    void learn(double off, double spread) {
        boolean far = (back ? -off : off) > far(spread);
        double rate = 1.0 / Math.min(runs + 50, 20_000);
        if (before) {
            followed += ((far ? 1 : 0) - followed) * Math.max(rate, 0.003);
        } else {
            alone += ((far ? 1 : 0) - alone) * rate;
        }
        runs++;
    }

    /** The run is over; the next one may follow it. */
    void next(double off, double spread) {
        before = (back ? -off : off) > far(spread);
    }

    double evidence(int i) {
        return sums[i];
    }

    long since(int i) {
        return since[i];
    }

    /** The share of runs far off lately. */
    double now() {
        return lately == 0 ? alone : (double) farLately / lately;
    }

    /** The usual share of runs far off. */
    double usual() {
        return alone;
    }

    void forgetPresent() {
        Arrays.fill(sums, 0);
        lately = 0;
        farLately = 0;
    }

    /** The residuals were learnt anew. */
    void stale() {
        timeOfDay = -1;
    }

    private float[][] table(Residuals residuals, int time) {
        float[][] table = ratios == null ? new float[shifts.length][Residuals.BINS] : ratios;
        double[] usual = residuals.distribution(time);
        double whole = usual[Residuals.BINS];
        double spread = residuals.spread();
        for (int i = 0; i < shifts.length; i++) {
            double by = back ? -TIMES[shifts[i]] : TIMES[shifts[i]];
            double from = 0;
            for (int bin = 0; bin < Residuals.BINS; bin++) {
                boolean last = bin == Residuals.BINS - 1;
                double to = last ? whole : residuals.below(usual, spread * Residuals.edge(bin) - by);
                double moved = Math.max(0, to - from) / whole;
                from = to;
                double ratio = Math.log(1 - FEW + FEW * moved / (usual[bin + 1] - usual[bin]));
                table[i][bin] = (float) Math.min(MOST_AT_ONCE, ratio);
            }
        }
        ratios = table;
        timeOfDay = time;
        lessWhenFollowing = Math.max(0, Math.log(followed / alone));
        return table;
    }

    void merge(Tail other) {
        double whole = runs + other.runs;
        if (whole > 0) {
            alone = (runs * alone + other.runs * other.alone) / whole;
            followed = (runs * followed + other.runs * other.followed) / whole;
        }
        runs += other.runs;
    }

    void write(ByteBuffer out) {
        for (int i = 0; i < shifts.length; i++) {
            out.putDouble(sums[i]).putLong(since[i]);
        }
        out.putDouble(alone).putDouble(followed).put((byte) (before ? 1 : 0));
        out.putInt(quiet).putInt(lately).putInt(farLately).putLong(runs);
        // what is in use until the time of day changes was made from older residuals
        out.putDouble(lessWhenFollowing).putInt(ratios == null ? -1 : timeOfDay);
        for (int i = 0; i < shifts.length; i++) {
            for (int bin = 0; bin < Residuals.BINS; bin++) {
                out.putFloat(ratios == null ? 0 : ratios[i][bin]);
            }
        }
    }

    void read(ByteBuffer in) {
        for (int i = 0; i < shifts.length; i++) {
            sums[i] = in.getDouble();
            since[i] = in.getLong();
        }
        alone = in.getDouble();
        followed = in.getDouble();
        before = in.get() != 0;
        quiet = in.getInt();
        lately = in.getInt();
        farLately = in.getInt();
        runs = in.getLong();
        lessWhenFollowing = in.getDouble();
        timeOfDay = in.getInt();
        float[][] table = new float[shifts.length][Residuals.BINS];
        for (float[] row : table) {
            for (int bin = 0; bin < Residuals.BINS; bin++) {
                row[bin] = in.getFloat();
            }
        }
        ratios = timeOfDay < 0 ? null : table;
    }
}
