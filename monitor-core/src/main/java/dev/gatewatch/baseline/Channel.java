package dev.gatewatch.baseline;

/**
 * One kind of evidence against the usual, with its share in the budget of false alarms and what is held true of it before anything is
 * learnt. The {@code _BACK} ones look the other way and are used only where both directions matter.
 */
enum Channel {
    STEP(0, Shape.STEP, 0.2, 6, 1.2, 5),
    DRIFT(1, Shape.DRIFT, 0.2, 1.5, 1, -9),
    SLOW_2(2, Shape.VARIANCE, 0.063, 5, 1.15, 2.5),
    SLOW_3(3, Shape.VARIANCE, 0.063, 5, 1.15, 2.5),
    SLOW_5(4, Shape.VARIANCE, 0.063, 5, 1.15, 2.5),
    SLOW_10(5, Shape.VARIANCE, 0.063, 5, 1.15, 2.5),
    ERRORS(6, Shape.ERRORS, 0.2, Math.log(960), 1, 4),
    STEP_BACK(7, Shape.STEP, 0.2, 6, 1.2, 5),
    DRIFT_BACK(8, Shape.DRIFT, 0.2, 1.5, 1, -9),
    SLOW_3_BACK(9, Shape.VARIANCE, 0.063, 5, 1.15, 2.5);

    static final int ONE_WAY = 7;

    /** Its place among all. */
    final int index;

    final Shape shape;
    /** The logarithm of the channel's share. */
    final double share;
    /** Where the tail begins, in nats, until that is known. */
    final double prior;

    final double leastScale;
    final double leastLocation;
    /** Whether the evidence comes in few great lumps. */
    final boolean lumps;

    Channel(int index, Shape shape, double share, double prior, double leastScale, double leastLocation) {
        this.index = index;
        this.shape = shape;
        this.share = Math.log10(share);
        this.prior = prior;
        this.leastScale = leastScale;
        this.leastLocation = leastLocation;
        lumps = shape == Shape.ERRORS;
    }
}
