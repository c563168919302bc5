package dev.gatewatch.stats;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a value is going: its slope by Theil and Sen (the median of the slopes between all pairs of points; H. Theil 1950, P. K. Sen
 * 1968), which a quarter of wild points cannot move, and how steadily it goes there (Kendall's tau). Immutable.
 *
 * @param perSecond the slope
 * @param lower the least slope that it may be, with the confidence that was asked for
 * @param upper the greatest
 * @param tau from -1 (falls at every step) to 1 (grows at every step); a sawtooth is near 0
 */
public record Trend(double perSecond, double lower, double upper, double tau) {
    /** Fewer points can lie on a line by chance. */
    public static final int FEWEST = 6;

    /** Below it the value goes up and down rather than anywhere. */
    private static final double STEADY = 0.5;

    private static final double CONFIDENCE = 0.95;

    /** More resemblance between neighbours than this is taken for this much. */
    private static final double MOST_ALIKE = 0.95;

    /**
     * A value at a time.
     *
     * @param millis Unix time
     */
    public record Point(long millis, double value) {}

    /** The trend of points in the order of time; nothing where they are too few or all at one time. */
    public static Optional<Trend> of(List<Point> points) {
        return of(points, CONFIDENCE);
    }

    /**
     * The trend, and between which slopes it lies: Sen's interval, from the distribution of Kendall's statistic, widened as far as points lie off
     * the line as their neighbours do (by the variance of a first-order autoregression). Time and memory grow with the square of the points.
     *
     * @param confidence above 0 and below 1, two-sided
     */
    public static Optional<Trend> of(List<Point> points, double confidence) {
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
        double alike = alike(points, median);
        double variance = n * (n - 1.0) * (2 * n + 5) / 18 * (1 + alike) / (1 - alike);
        double reach = Normal.quantile((1 + confidence) / 2) * Math.sqrt(variance);
        int first = Math.clamp((int) Math.floor((count - reach) / 2) - 1, 0, count - 1);
        int last = Math.clamp((int) Math.ceil((count + reach) / 2), 0, count - 1);
        return Optional.of(new Trend(median, sorted[first], sorted[last], (double) concordant / count));
    }

    /** How far neighbours lie on the same side of the line: the correlation of each with the next; 0 where they do not. */
    private static double alike(List<Point> points, double slope) {
        double[] off = new double[points.size()];
        long start = points.getFirst().millis();
        for (int i = 0; i < off.length; i++) {
            off[i] = points.get(i).value() - slope * (points.get(i).millis() - start) / 1e3;
        }
        double[] sorted = off.clone();
        Arrays.sort(sorted);
        double middle = sorted[off.length / 2];
        double own = 0;
        double next = 0;
        for (int i = 0; i < off.length; i++) {
            off[i] -= middle;
            own += off[i] * off[i];
            next += i == 0 ? 0 : off[i] * off[i - 1];
        }
        return own == 0 ? 0 : Math.clamp(next / own, 0, MOST_ALIKE);
    }

    /** Whether it goes one way, up or down. */
    public boolean isSteady() {
        return Math.abs(tau) >= STEADY && perSecond != 0;
    }

    /**
     * When a value gets to a limit if it goes on like this; nothing where it does not go there, or not within a hundred years.
     */
    public Optional<Duration> until(double now, double limit) {
        return isSteady() ? at(perSecond, now, limit) : Optional.empty();
    }

    /** When it gets there at the earliest: at the greatest speed that it may have. */
    public Optional<Duration> earliest(double now, double limit) {
        return isSteady() ? at(limit > now ? upper : lower, now, limit) : Optional.empty();
    }

    /** When it gets there at the latest; nothing where it may as well not go there at all. */
    public Optional<Duration> latest(double now, double limit) {
        return isSteady() ? at(limit > now ? lower : upper, now, limit) : Optional.empty();
    }

    private static Optional<Duration> at(double perSecond, double now, double limit) {
        double seconds = (limit - now) / perSecond;
        return seconds >= 0 && seconds < 3.2e9 ? Optional.of(Duration.ofMillis((long) (seconds * 1e3))) : Optional.empty();
    }
}
