package dev.gatewatch.change;

import java.util.Arrays;

/**
 * Where the logarithms of latencies lie: the mean of their middle half (the interquartile mean). A quarter of wild values at either end
 * cannot move it, and it scatters by a tenth more than a mean would where nothing is wild. Confined to one thread.
 */
final class Location {
    private final double[] values;
    private double[] sorted = new double[64];

    /** @param values in the order of time; NaN is left out */
    Location(double[] values) {
        this.values = values;
    }

    /**
     * Of the values of these indices.
     *
     * @return NaN where there are fewer than {@code least}
     */
    double of(int from, int to, int least) {
        int n = fill(from, to);
        if (n < Math.max(1, least)) {
            return Double.NaN;
        }
        Arrays.sort(sorted, 0, n);
        int first = n / 4;
        int last = n - n / 4;
        double sum = 0;
        for (int i = first; i < last; i++) {
            sum += sorted[i];
        }
        return sum / (last - first);
    }

    /** How many values there are. */
    int count(int from, int to) {
        int n = 0;
        for (int i = from; i < to; i++) {
            n += Double.isNaN(values[i]) ? 0 : 1;
        }
        return n;
    }

    /**
     * The variance of {@link #of}, allowing for values that resemble their neighbours: the long-run variance of its influence function with
     * Bartlett's weights. Sources: P. J. Huber, Robust Statistics, 3.3 (trimmed means); W. K. Newey and K. D. West 1987.
     */
    double variance(int from, int to) {
        int n = fill(from, to);
        double[] byTime = Arrays.copyOf(sorted, n);
        Arrays.sort(sorted, 0, n);
        double low = sorted[n / 4];
        double high = sorted[n - 1 - n / 4];
        double mean = 0;
        for (int i = 0; i < n; i++) {
            byTime[i] = Math.clamp(byTime[i], low, high);
            mean += byTime[i] / n;
        }
        for (int i = 0; i < n; i++) {
            byTime[i] = 2 * (byTime[i] - mean);
        }
        int lags = lags(n);
        double own = products(byTime, 0);
        double all = own;
        for (int lag = 1; lag <= lags; lag++) {
            all += 2 * (1 - lag / (lags + 1.0)) * products(byTime, lag);
        }
        return Math.max(own, all) / n;
    }

    /** How far values are taken to resemble each other. */
    static int lags(int n) {
        return Math.clamp((int) Math.ceil(Math.sqrt(n)), 1, Math.max(1, n / 4));
    }

    private static double products(double[] values, int lag) {
        double sum = 0;
        for (int i = lag; i < values.length; i++) {
            sum += values[i] * values[i - lag];
        }
        return sum / values.length;
    }

    private int fill(int from, int to) {
        if (sorted.length < to - from) {
            sorted = new double[to - from];
        }
        int n = 0;
        for (int i = from; i < to; i++) {
            if (!Double.isNaN(values[i])) {
                sorted[n++] = values[i];
            }
        }
        return n;
    }
}
