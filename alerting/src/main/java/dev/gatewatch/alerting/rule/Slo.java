package dev.gatewatch.alerting.rule;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The error budget of an objective burns too fast: multi-window, multi-burn-rate alerting after Google's SRE Workbook, chapter 5 ("Alerting
 * on SLOs", approach 6). A pair of windows alerts while both burn at its rate: the long one shows that it matters, the short one that it
 * still goes on. Immutable.
 *
 * @param objective the share of good runs that is promised, below 1
 * @param window over which it is promised
 * @param burns from the least urgent to the most
 * @param slower runs that took longer are bad too
 * @param minBad with fewer bad runs within the long window nothing is said: where runs are few, one of them is a large share
 */
public record Slo(double objective, Duration window, List<Burn> burns, Optional<Duration> slower, int minBad) implements Condition {
    /**
     * A pair of windows.
     *
     * @param rate how many times faster than planned: at 1 the budget lasts for exactly the window
     */
    public record Burn(double rate, Duration over, Duration and) {}

    /** As the workbook has them: 2 % of a 30 days' budget within an hour, 5 % within six hours, 10 % within three days. */
    public static final List<Burn> WORKBOOK = List.of(
            new Burn(1, Duration.ofDays(3), Duration.ofHours(6)),
            new Burn(6, Duration.ofHours(6), Duration.ofMinutes(30)),
            new Burn(14.4, Duration.ofHours(1), Duration.ofMinutes(5)));

    public Slo {
        burns = List.copyOf(burns);
    }

    @Override
    public int runs(Duration interval) {
        return 1;
    }

    @Override
    public Duration reach(Duration interval) {
        return Condition.reachOf(1, interval);
    }

    @Override
    public boolean comparesRegions() {
        return false;
    }

    @Override
    public boolean counts(SeriesWindow window, int age) {
        return bad(window.outcome(age), Duration.ofNanos(window.latencyMicros(age) * 1_000L), slower);
    }

    /** Whether a run is bad by this measure. */
    public static boolean bad(Outcome outcome, Duration took, Optional<Duration> slower) {
        return outcome == Outcome.FAIL || slower.filter(bound -> took.compareTo(bound) > 0).isPresent();
    }

    @Override
    public Verdict judge(SeriesWindow runs) {
        if (runs.size() == 0) {
            return new Verdict.Unknown("no run yet");
        }
        Tally tally = runs.tally(slower);
        Instant now = runs.startedAt(0);
        for (int level = burns.size() - 1; level >= 0; level--) {
            Burn burn = burns.get(level);
            Tally.Counts over = tally.over(burn.over(), now);
            double rate = rate(over);
            if (rate < burn.rate() - 1e-9 || over.bad() < minBad) {
                continue;
            }
            double lately = rate(tally.over(burn.and(), now));
            if (lately >= burn.rate() - 1e-9) {
                return holds(runs, tally, now, level, rate, lately);
            }
        }
        return new Verdict.Clear(left(tally, now));
    }

    private Verdict holds(SeriesWindow runs, Tally tally, Instant now, int level, double rate, double lately) {
        Burn burn = burns.get(level);
        String detail = "the error budget burns " + Words.number(rate) + " times too fast over " + Durations.format(burn.over())
                + " (" + Words.number(lately) + " over " + Durations.format(burn.and()) + "; alert at " + Words.number(burn.rate()) + ")";
        double left = budgetLeft(tally, now);
        String empty = left <= 0 ? "" : ", at this rate empty in " + Words.roughly(untilEmpty(left, lately));
        return new Verdict.Holds(
                now,
                Cause.ERROR_BUDGET,
                detail,
                detail + "; " + left(tally, now) + empty,
                runs.said(Outcome.FAIL).message().isEmpty() ? "" : "last: " + runs.said(Outcome.FAIL).message(),
                level,
                Words.number(rate));
    }

    private String left(Tally tally, Instant now) {
        double left = budgetLeft(tally, now);
        String budget = " of the budget of " + promised() + " over " + Durations.format(window);
        return left <= 0 ? "nothing" + budget + " is left" : Words.percent(left) + budget + " is left";
    }

    /** All its digits: 99.995% is not 100%. */
    private String promised() {
        return BigDecimal.valueOf(objective).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }

    private Duration untilEmpty(double left, double rate) {
        return Duration.ofMillis((long) (window.toMillis() * left / Math.max(rate, 1e-9)));
    }

    private double rate(Tally.Counts counts) {
        return counts.badShare() / (1 - objective);
    }

    /** How many times faster than planned the budget burns over this time. */
    public double burnRate(Tally tally, Duration over, Instant now) {
        return rate(tally.over(over, now));
    }

    /** The share of the budget that is left, of the runs counted within the window; negative when more was spent. 1 without runs. */
    public double budgetLeft(Tally tally, Instant now) {
        return 1 - burnRate(tally, window, now);
    }
}
