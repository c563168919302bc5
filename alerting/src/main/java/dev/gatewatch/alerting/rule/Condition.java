package dev.gatewatch.alerting.rule;

import dev.gatewatch.baseline.Quantity;
import dev.gatewatch.probe.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * When a rule assumes trouble, judged over the latest runs of one series. The judgement depends on nothing but the window: a series
 * that gets no runs keeps its verdict, unless the condition is {@linkplain #judgedByTime judged by time}. Immutable.
 */
public sealed interface Condition
        permits RunCount,
                SlowRuns,
                ErrorRate,
                CertificateExpiry,
                LifetimeLeft,
                CauseSeen,
                OutcomeSeen,
                FactBound,
                Exhausts,
                CelHolds,
                NoResult,
                Slo,
                Unusual {
    /** How many of the latest runs {@link #judge} may look at. */
    int runs(Duration interval);

    /** How far back from the latest run {@link #judge} may look; older runs do not matter. */
    Duration reach(Duration interval);

    /** What the window says. */
    Verdict judge(SeriesWindow window);

    /** Whether this run, taken alone, counts towards trouble. */
    boolean counts(SeriesWindow window, int age);

    /** Whether this run, taken alone, shows that the target was well: another region may be compared with it. */
    default boolean well(SeriesWindow window, int age) {
        return !counts(window, age) && window.outcome(age) != Outcome.FAIL;
    }

    /** Whether it is to be judged as time passes too, not only at runs. */
    default boolean judgedByTime() {
        return false;
    }

    /** Whether another region's state may say more of the trouble's cause: not where the rule asks for something else than failures. */
    default boolean comparesRegions() {
        return true;
    }

    /** The facts that it compares; a window keeps their numbers for all its runs. */
    default Set<String> facts() {
        return Set.of();
    }

    /** What it compares with what is usual, so that it is learnt. */
    default Optional<Quantity> learnt() {
        return Optional.empty();
    }

    /** Whether a series that runs this often can ever have enough runs to be judged. */
    default boolean fits(Duration interval) {
        return true;
    }

    /**
     * How far back a condition over {@code runs} runs looks. Twice the planned time, as runs may be skipped; and at least two minutes, so
     * that a quick restart does not tear a row apart.
     */
    static Duration reachOf(int runs, Duration interval) {
        Duration planned = interval.multipliedBy(2L * runs);
        Duration least = Duration.ofMinutes(2);
        return planned.compareTo(least) > 0 ? planned : least;
    }

    /** Too few runs to say; where there will never be enough, nothing is wrong rather than for ever what it was before. */
    static Verdict tooFew(String reason, boolean fits) {
        return fits ? new Verdict.Unknown(reason) : new Verdict.Clear(reason + ", and never will be");
    }

    /** How many runs fit into a time, with some to spare for runs that start early or late. */
    static int runsIn(Duration time, Duration interval) {
        return Math.toIntExact(Math.min(MOST_RUNS, time.toMillis() / Math.max(1, interval.toMillis()) + 2));
    }

    /** The most runs a window keeps: a day of one run a second. */
    int MOST_RUNS = 86_402;
}
