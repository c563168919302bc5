package dev.gatewatch.change;

import java.util.Arrays;

/**
 * The runs of one series in columns, in the order of time: those that say something of the target, so no broken ones. Filled by one thread,
 * then only read.
 */
public final class Runs {
    private long[] startedAt = new long[64];
    private double[] millis = new double[64];
    private boolean[] failed = new boolean[64];
    private int size;

    /**
     * Adds a run; one that started before the last is taken as starting with it.
     *
     * @param at its start, Unix time in milliseconds
     * @param took how long it took, in milliseconds
     */
    public void add(long at, double took, boolean fail) {
        if (size == startedAt.length) {
            startedAt = Arrays.copyOf(startedAt, 2 * size);
            millis = Arrays.copyOf(millis, 2 * size);
            failed = Arrays.copyOf(failed, 2 * size);
        }
        startedAt[size] = size == 0 ? at : Math.max(at, startedAt[size - 1]);
        millis[size] = took;
        failed[size] = fail;
        size++;
    }

    public int size() {
        return size;
    }

    long at(int run) {
        return startedAt[run];
    }

    double millis(int run) {
        return millis[run];
    }

    boolean failed(int run) {
        return failed[run];
    }

    /** Index of the first run at or after a moment. */
    int from(long moment) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (startedAt[middle] < moment) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
