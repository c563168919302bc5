package dev.gatewatch.stats;

/** The normal distribution, and Student's t where few numbers stand for it. Pure functions. */
public final class Normal {
    private Normal() {}

    /**
     * The value below which this share of a standard normal distribution lies, with an error below 1e-8.
     *
     * <p>Source: P. J. Acklam's rational approximation, bettered by one step of Halley's method.
     *
     * @param share above 0 and below 1
     */
    public static double quantile(double share) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("no share: " + share);
        }
        double x = approximate(share);
        // the tail that is small is the one that is exact
        double error = share < 0.5 ? above(-x) - share : (1 - share) - above(x);
        double u = error * Math.sqrt(2 * Math.PI) * Math.exp(x * x / 2);
        return x - u / (1 + x * u / 2);
    }

    private static double approximate(double p) {
        if (p < 0.02425) {
            return outer(Math.sqrt(-2 * Math.log(p)));
        }
        if (p > 1 - 0.02425) {
            return -outer(Math.sqrt(-2 * Math.log(1 - p)));
        }
        double q = p - 0.5;
        double r = q * q;
        double above = ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.3577518672690) * r
                                - 30.66479806614716)
                        * r
                + 2.506628277459239;
        double below = ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r
                                - 13.28068155288572)
                        * r
                + 1;
        return q * above / below;
    }

    private static double outer(double q) {
        double above = ((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q
                                + 4.374664141464968)
                        * q
                + 2.938163982698783;
        double below =
                (((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
        return above / below;
    }

    /**
     * The share of a standard normal distribution above a value; its relative error is below 1.2e-7, however far out.
     *
     * <p>Source: W. H. Press and others, Numerical Recipes, {@code erfcc} (a Chebyshev fit).
     */
    public static double above(double value) {
        double x = value / Math.sqrt(2);
        double z = Math.abs(x);
        double t = 1 / (1 + z / 2);
        double fit = -1.26551223
                + t * (1.00002368
                        + t * (0.37409196
                                + t * (0.09678418
                                        + t * (-0.18628806
                                                + t * (0.27886807
                                                        + t * (-1.13520398
                                                                + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
        double erfc = t * Math.exp(-z * z + fit);
        return (x >= 0 ? erfc : 2 - erfc) / 2;
    }

    /**
     * The value below which this share of Student's t lies; good to 1 % from 4 degrees of freedom on and shares up to 99.5 %.
     *
     * <p>Source: the Cornish–Fisher expansion, M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 26.7.5.
     *
     * @param freedom degrees of freedom, at least 1
     */
    public static double studentQuantile(double share, double freedom) {
        double z = quantile(share);
        double z2 = z * z;
        double one = z * (z2 + 1) / 4;
        double two = z * ((5 * z2 + 16) * z2 + 3) / 96;
        double three = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
        double four = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
        return z + (one + (two + (three + four / freedom) / freedom) / freedom) / freedom;
    }
}
