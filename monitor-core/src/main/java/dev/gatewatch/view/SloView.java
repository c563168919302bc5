package dev.gatewatch.view;

import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.Collections;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * How an objective stands. Immutable.
 *
 * @param objective the share of good runs that is promised, such as 0.999
 * @param window over which time
 * @param budgetLeft the share of the error budget that is left; negative when more was spent; 1 without runs
 * @param burnRates how many times faster than planned the budget burns, over each of the times that are watched, shortest first
 */
public record SloView(
        String rule,
        Series series,
        double objective,
        Duration window,
        double budgetLeft,
        SequencedMap<Duration, Double> burnRates) {
    public SloView {
        burnRates = Collections.unmodifiableSequencedMap(new TreeMap<>(burnRates));
    }
}
