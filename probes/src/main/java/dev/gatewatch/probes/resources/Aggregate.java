package dev.gatewatch.probes.resources;

import java.util.OptionalDouble;

/** Makes one number of the series that a selector takes. Confined to the run's thread. */
final class Aggregate {
    private final Selector selector;
    private long count;
    private double sum;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;

    Aggregate(Selector selector) {
        this.selector = selector;
    }

    Selector selector() {
        return selector;
    }

    /** Counts the sample in, where the selector takes it; NaN is how a series says that it has no value. */
    void see(Sample sample) {
        if (Double.isNaN(sample.value()) || !selector.takes(sample)) {
            return;
        }
        count++;
        sum += sample.value();
        least = Math.min(least, sample.value());
        most = Math.max(most, sample.value());
    }

    /** The number; nothing where no series was taken, or the number is not finite. */
    OptionalDouble result() {
        if (count == 0) {
            return OptionalDouble.empty();
        }
        double result =
                switch (selector.aggregation()) {
                    case SUM -> sum;
                    case MAX -> most;
                    case MIN -> least;
                    case AVG -> sum / count;
                    case COUNT -> count;
                };
        return Double.isFinite(result) ? OptionalDouble.of(result) : OptionalDouble.empty();
    }
}
