package dev.gatewatch.baseline;

/**
 * The usual range of a quantity at one moment, in its own unit: nine of ten usual values lie between lower and upper. All three are NaN
 * where nothing is known yet. Immutable.
 */
public record Band(double lower, double middle, double upper) {
    /** Nothing is known. */
    public static final Band UNKNOWN = new Band(Double.NaN, Double.NaN, Double.NaN);

    public boolean known() {
        return !Double.isNaN(middle);
    }
}
