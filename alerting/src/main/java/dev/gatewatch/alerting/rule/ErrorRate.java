package dev.gatewatch.alerting.rule;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;

/**
 * A share of failed runs above a bound. Immutable.
 *
 * @param above a fraction
 * @param minRuns with fewer runs in the time nothing is said: one failed run of three is not an outage of a third
 */
public record ErrorRate(Duration over, double above, int minRuns) implements Condition {
    @Override
    public int runs(Duration interval) {
        return Condition.runsIn(over, interval);
    }

    @Override
    public Duration reach(Duration interval) {
        return over;
    }

    @Override
    public boolean fits(Duration interval) {
        return interval.multipliedBy(minRuns - 1L).compareTo(over) < 0;
    }

    @Override
    public boolean counts(SeriesWindow window, int age) {
        return window.outcome(age) == Outcome.FAIL;
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        int runs = window.within(over);
        if (runs < minRuns) {
            return Condition.tooFew(runs + " of at least " + minRuns + " runs", fits(window.interval()));
        }
        int failed = 0;
        int first = -1;
        var causes = new EnumMap<Cause, Integer>(Cause.class);
        for (int age = 0; age < runs; age++) {
            if (counts(window, age)) {
                failed++;
                first = age;
                window.cause(age).ifPresent(c -> causes.merge(c, 1, Integer::sum));
            }
        }
        if (failed <= above * runs + 1e-9) {
            return new Verdict.Clear(failed + " of " + runs + " runs failed");
        }
        Map.Entry<Cause, Integer> most = causes.entrySet().stream()
                .max(Comparator.comparing(Map.Entry::getValue))
                .orElseThrow();
        String detail = Words.percent((double) failed / runs) + " of runs over " + Durations.format(over) + " failed, above "
                + Words.percent(above);
        return new Verdict.Holds(
                window.startedAt(first),
                Cause.ERROR_RATE,
                detail,
                detail + " (" + failed + " of " + runs + "), mostly " + most.getKey().code(),
                "last: " + window.said(Outcome.FAIL).message(),
                0,
                Words.percent((double) failed / runs));
    }
}
