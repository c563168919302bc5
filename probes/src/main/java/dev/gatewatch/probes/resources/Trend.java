package dev.gatewatch.probes.resources;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a value is going: its slope by Theil and Sen (the median of the slopes between all pairs of points; H. Theil 1950, P. K. Sen
 * 1968), which a quarter of wild points cannot move, and how steadily it goes there (Kendall's tau). Immutable.
 *
 * @param perSecond the slope
 * @param tau from -1 (falls at every step) to 1 (grows at every step); a sawtooth is near 0
 */
record Trend(double perSecond, double tau) {
    /** Fewer points can lie on a line by chance. */
    static final int FEWEST = 6;

    /** Below it the value goes up and down rather than anywhere. */
    private static final double STEADY = 0.5;

    /**
     * A value at a time.
     *
     * @param millis Unix time
     */
    record Point(long millis, double value) {}

    /** The trend of points in the order of time; nothing where they are too few or all at one time. */
    static Optional<Trend> of(List<Point> points) {
        int n = points.size();
        if (n < FEWEST) {
            return Optional.empty();
        }
        double[] slopes = new double[n * (n - 1) / 2];
        int count = 0;
        int concordant = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double seconds = (points.get(j).millis() - points.get(i).millis()) / 1e3;
                double rise = points.get(j).value() - points.get(i).value();
                if (seconds > 0) {
                    slopes[count++] = rise / seconds;
                    concordant += (int) Math.signum(rise);
                }
            }
        }
        if (count == 0) {
            return Optional.empty();
        }
        double[] sorted = Arrays.copyOf(slopes, count);
        Arrays.sort(sorted);
        double median = count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
        return Optional.of(new Trend(median, (double) concordant / count));
    }

    /** Whether it goes one way, up or down. */
    boolean isSteady() {
        return Math.abs(tau) >= STEADY && perSecond != 0;
    }

    /**
     * When a value gets to a limit if it goes on like this; nothing where it does not go there, or not within a hundred years.
     */
    Optional<Duration> until(double now, double limit) {
        double seconds = (limit - now) / perSecond;
        return isSteady() && seconds >= 0 && seconds < 3.2e9
                ? Optional.of(Duration.ofMillis((long) (seconds * 1e3)))
                : Optional.empty();
    }
}
