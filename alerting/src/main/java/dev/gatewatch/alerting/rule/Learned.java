package dev.gatewatch.alerting.rule;

import dev.gatewatch.probe.Series;
import java.time.Instant;
import java.util.Optional;

/** What is usual for a series, as the latest run is seen in its light. Confined to the evaluator's thread. */
public interface Learned {
    /** Nothing is learnt. */
    Learned NOTHING = (_, _) -> Optional.empty();

    /** The judgement of the latest run; nothing while there is too little to compare with. */
    Optional<Deviation> latest(Series series, Unusual condition);

    /** How far the present is from what is usual. */
    enum Standing {
        USUAL,
        /** Neither worth an alert nor the end of one. */
        BETWEEN,
        UNUSUAL
    }

    /**
     * How the present compares.
     *
     * @param since when the deviation began; the run's own start where there is none
     * @param now the present value, for people: {@code 80ms}
     * @param usual the usual range, for people: {@code 45ms to 55ms}
     * @param shape how it deviates, for people: {@code step}; may be empty
     */
    record Deviation(Standing standing, Instant since, String now, String usual, String shape) {}
}
