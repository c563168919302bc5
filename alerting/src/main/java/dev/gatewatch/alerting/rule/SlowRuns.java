package dev.gatewatch.alerting.rule;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;

/**
 * A quantile of latency above a bound. Looks at passing and degraded runs: a failed run's duration tells of the failure, not of speed.
 * Immutable.
 *
 * @param quantile above 0, at most 1 (the slowest run); by nearest rank
 * @param minRuns with fewer such runs in the time nothing is said
 */
public record SlowRuns(double quantile, Duration over, Duration above, int minRuns) implements Condition {
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
        return window.outcome(age) != Outcome.FAIL && window.latencyMicros(age) > above.toNanos() / 1_000;
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        int seen = window.within(over);
        int runs = 0;
        int slow = 0;
        int first = -1;
        for (int age = 0; age < seen; age++) {
            if (window.outcome(age) != Outcome.FAIL) {
                runs++;
                if (counts(window, age)) {
                    slow++;
                    first = age;
                }
            }
        }
        if (runs < minRuns) {
            return Condition.tooFew(runs + " of at least " + minRuns + " runs with a latency", fits(window.interval()));
        }
        int rank = Math.clamp((int) Math.ceil(quantile * runs - 1e-9), 1, runs);
        if (runs - slow >= rank) {
            return new Verdict.Clear(slow + " of " + runs + " runs above " + Durations.format(above));
        }
        // only now that it is above the bound is the value itself worth a sort
        String value = Words.latency(rank(window, seen, runs, rank));
        String detail = name() + " over " + Durations.format(over) + " is " + value + ", above " + Durations.format(above);
        return new Verdict.Holds(
                window.startedAt(first),
                Cause.LATENCY_HIGH,
                detail,
                detail + " (" + runs + " runs)",
                window.last().map(SlowRuns::slowestPhase).orElse(""),
                0,
                value);
    }

    private static Duration rank(SeriesWindow window, int seen, int runs, int rank) {
        int[] latencies = new int[runs];
        int n = 0;
        for (int age = 0; age < seen; age++) {
            if (window.outcome(age) != Outcome.FAIL) {
                latencies[n++] = window.latencyMicros(age);
            }
        }
        Arrays.sort(latencies);
        return Duration.ofNanos(latencies[rank - 1] * 1_000L);
    }

    private static String slowestPhase(Result last) {
        return last.report().phases().entrySet().stream()
                .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .map(p -> "last run took " + Words.latency(last.duration()) + ", of which " + p.getKey() + " "
                        + Words.latency(p.getValue()))
                .orElse("");
    }

    private String name() {
        return quantile == 1 ? "slowest run" : "p" + Words.number(quantile * 100);
    }
}
