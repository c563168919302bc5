package dev.gatewatch.backtest;

import dev.gatewatch.baseline.Band;
import java.util.function.LongFunction;

/**
 * A series' latency over all of history, for a picture: at most {@value #MOST} stretches of time of one length, which doubles whenever
 * history outgrows them. Latencies are milliseconds. Confined to one thread.
 */
final class Track {
    static final int MOST = 1_024;

    private final float[] mean = new float[MOST];
    private final float[] most = new float[MOST];
    private final float[] lower = new float[MOST];
    private final float[] upper = new float[MOST];
    private final int[] runs = new int[MOST];
    private final int[] failed = new int[MOST];

    private final long start;
    private long width = 60_000;
    private int size;

    /** The sum of latencies in the last stretch. */
    private double sum;

    /** @param start of history, in milliseconds of the epoch */
    Track(long start) {
        this.start = start;
    }

    /**
     * Takes a run in.
     *
     * @param usual the usual band at a moment; asked once a stretch
     */
    void add(long at, double millis, boolean ok, LongFunction<Band> usual) {
        long index = Math.max(0, (at - start) / width);
        while (index >= MOST) {
            halve();
            index = Math.max(0, (at - start) / width);
        }
        int i = Math.max((int) index, size - 1);
        if (i >= size) {
            for (int empty = size; empty <= i; empty++) {
                clear(empty);
            }
            size = i + 1;
            sum = 0;
            Band band = usual.apply(at);
            lower[i] = (float) band.lower();
            upper[i] = (float) band.upper();
        }
        runs[i]++;
        if (!ok) {
            failed[i]++;
            return;
        }
        sum += millis;
        mean[i] = (float) (sum / (runs[i] - failed[i]));
        most[i] = Math.max(most[i], (float) millis);
    }

    private void clear(int i) {
        mean[i] = 0;
        most[i] = 0;
        lower[i] = Float.NaN;
        upper[i] = Float.NaN;
        runs[i] = 0;
        failed[i] = 0;
    }

    private void halve() {
        int half = (size + 1) / 2;
        for (int i = 0; i < half; i++) {
            int a = 2 * i;
            int b = a + 1;
            if (b >= size) {
                copy(a, i);
                continue;
            }
            int goodA = runs[a] - failed[a];
            int goodB = runs[b] - failed[b];
            float joined = goodA + goodB == 0 ? 0 : (mean[a] * goodA + mean[b] * goodB) / (goodA + goodB);
            boolean known = !Float.isNaN(lower[b]);
            lower[i] = known ? lower[b] : lower[a];
            upper[i] = known ? upper[b] : upper[a];
            mean[i] = joined;
            most[i] = Math.max(most[a], most[b]);
            failed[i] = failed[a] + failed[b];
            runs[i] = runs[a] + runs[b];
        }
        size = half;
        width *= 2;
        sum = size == 0 ? 0 : (double) mean[size - 1] * (runs[size - 1] - failed[size - 1]);
    }

    private void copy(int from, int to) {
        mean[to] = mean[from];
        most[to] = most[from];
        lower[to] = lower[from];
        upper[to] = upper[from];
        runs[to] = runs[from];
        failed[to] = failed[from];
    }

    int size() {
        return size;
    }

    /** When a stretch begins, in milliseconds of the epoch. */
    long startOf(int i) {
        return start + i * width;
    }

    /** How long a stretch is, in milliseconds. */
    long width() {
        return width;
    }

    /** Whether any run passed then. */
    boolean known(int i) {
        return runs[i] > failed[i];
    }

    float mean(int i) {
        return mean[i];
    }

    float most(int i) {
        return most[i];
    }

    /** NaN where nothing was learnt yet. */
    float lower(int i) {
        return lower[i];
    }

    float upper(int i) {
        return upper[i];
    }

    /** The share of runs that failed, 0 to 1. */
    double failed(int i) {
        return runs[i] == 0 ? 0 : (double) failed[i] / runs[i];
    }
}
