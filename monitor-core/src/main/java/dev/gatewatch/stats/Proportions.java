package dev.gatewatch.stats;

/** Two shares compared. Pure functions. */
public final class Proportions {
    private Proportions() {}

    /** From where to where something lies with a confidence. */
    public record Interval(double lower, double upper) {}

    /**
     * Where the true share lies. Source: E. B. Wilson 1927.
     *
     * @param z the normal quantile of the confidence
     */
    public static Interval wilson(int hits, int of, double z) {
        double share = (double) hits / of;
        double z2 = z * z / of;
        double middle = (share + z2 / 2) / (1 + z2);
        double half = z / (1 + z2) * Math.sqrt(share * (1 - share) / of + z2 / (4 * of));
        // rounding must not leave a share of nothing above nothing
        return new Interval(hits == 0 ? 0 : middle - half, hits == of ? 1 : middle + half);
    }

    /**
     * By how much the second share is greater. Source: R. G. Newcombe 1998, method 10 (the square-and-add of Wilson's intervals), which
     * keeps its promise also where nothing was hit.
     *
     * @param z the normal quantile of the confidence
     */
    public static Interval difference(int hits1, int of1, int hits2, int of2, double z) {
        double share1 = (double) hits1 / of1;
        double share2 = (double) hits2 / of2;
        Interval one = wilson(hits1, of1, z);
        Interval two = wilson(hits2, of2, z);
        double difference = share2 - share1;
        return new Interval(
                difference - Math.hypot(share2 - two.lower(), one.upper() - share1),
                difference + Math.hypot(two.upper() - share2, share1 - one.lower()));
    }

    /**
     * How probable so many or more hits of the second are, if both shares are the same: Fisher's exact test, one-sided.
     */
    public static double atLeast(int hits1, int of1, int hits2, int of2) {
        int hits = hits1 + hits2;
        double log = logChoose(of2, hits2) + logChoose(of1, hits1) - logChoose(of1 + of2, hits);
        double term = Math.exp(log);
        double sum = 0;
        for (int k = hits2; k <= Math.min(hits, of2); k++) {
            sum += term;
            // the next table's probability by the ratio of the binomials
            term *= (double) (of2 - k) * (hits - k) / ((double) (k + 1) * (of1 - hits + k + 1));
        }
        return Math.min(1, sum);
    }

    private static double logChoose(int n, int k) {
        return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
    }

    /** Stirling's series; exact sums for the small ones. */
    private static double logFactorial(int n) {
        if (n < 20) {
            double log = 0;
            for (int i = 2; i <= n; i++) {
                log += Math.log(i);
            }
            return log;
        }
        double x = n + 1.0;
        return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + 1 / (12 * x) - 1 / (360 * x * x * x);
    }
}
