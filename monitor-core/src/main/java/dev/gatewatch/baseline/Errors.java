package dev.gatewatch.baseline;

import java.nio.ByteBuffer;

/**
 * Evidence that more runs fail than usual: three CUSUMs (Page 1954) of exact likelihood ratios of the learnt share of failures against
 * about 5, 12 and 80 % more.
 */
final class Errors {
    private static final double[] MORE = {0.045, 0.12, 0.8};
    private static final double MOST = 30;
    /** A series that never failed is held for one that fails once in a thousand runs. */
    private static final double PRIOR_FAILURES = 0.5;

    private static final double PRIOR_RUNS = 500;
    private static final double MEMORY = 40_000;

    private final double[] sums = new double[MORE.length];
    private final long[] since = new long[MORE.length];
    private final double[] failed = new double[MORE.length];
    private final double[] passed = new double[MORE.length];
    private double failures;
    private double runs;
    private double usual;
    private int goodInRow;
    private int lately;
    private int failedLately;

    Errors() {
        settle();
    }

    double usual() {
        return usual;
    }

    /** The evidence so far, in nats. */
    double see(long at, boolean ok) {
        goodInRow = ok ? goodInRow + 1 : 0;
        double most = 0;
        for (int i = 0; i < MORE.length; i++) {
            double sum = sums[i] + (ok ? passed[i] : failed[i]);
            // enough good runs in a row to say that this much more is over
            if (!(sum > 0) || goodInRow > 3 / (usual + MORE[i])) {
                sums[i] = 0;
                continue;
            }
            if (sums[i] == 0) {
                since[i] = at;
            }
            sums[i] = Math.min(MOST, sum);
            most = Math.max(most, sums[i]);
        }
        if (most == 0) {
            lately = 0;
            failedLately = 0;
        } else {
            lately++;
            failedLately += ok ? 0 : 1;
        }
        return most;
    }

    /** When what is going on began. */
    long since() {
        int most = 0;
        for (int i = 1; i < MORE.length; i++) {
            most = sums[i] > sums[most] ? i : most;
        }
        return since[most];
    }

    /** The share of failures since then. */
    double now() {
        return lately == 0 ? usual : (double) failedLately / lately;
    }

    void learn(boolean ok) {
        failures += ok ? 0 : 1;
        runs++;
    }

    /** Takes what was learnt for usual; once in a while, so that a fault's own runs do not count while it is judged. */
    void settle() {
        if (runs > MEMORY) {
            failures *= 0.95;
            runs *= 0.95;
        }
        usual = (failures + PRIOR_FAILURES) / (runs + PRIOR_RUNS);
        weigh();
    }

    private void weigh() {
        for (int i = 0; i < MORE.length; i++) {
            double other = usual + (1 - usual) * MORE[i];
            failed[i] = Math.log(other / usual);
            passed[i] = Math.log((1 - other) / (1 - usual));
        }
    }

    void forgetPresent() {
        java.util.Arrays.fill(sums, 0);
        lately = 0;
        failedLately = 0;
    }

    void merge(Errors other) {
        failures += other.failures;
        runs += other.runs;
        settle();
    }

    void write(ByteBuffer out) {
        for (int i = 0; i < MORE.length; i++) {
            out.putDouble(sums[i]).putLong(since[i]);
        }
        out.putDouble(failures).putDouble(runs).putDouble(usual);
        out.putInt(goodInRow).putInt(lately).putInt(failedLately);
    }

    void read(ByteBuffer in) {
        for (int i = 0; i < MORE.length; i++) {
            sums[i] = in.getDouble();
            since[i] = in.getLong();
        }
        failures = in.getDouble();
        runs = in.getDouble();
        usual = Math.clamp(in.getDouble(), 1e-9, 1 - 1e-9);
        goodInRow = in.getInt();
        lately = in.getInt();
        failedLately = in.getInt();
        weigh();
    }
}
