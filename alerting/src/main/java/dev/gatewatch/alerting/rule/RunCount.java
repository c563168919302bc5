package dev.gatewatch.alerting.rule;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import java.time.Duration;

/**
 * So many bad runs among the latest ones. Immutable.
 *
 * @param bad how many bad runs make trouble, at least 1
 * @param of among how many of the latest; equal to {@code bad} for "in a row"
 * @param degradedCounts whether degraded runs are bad too
 */
public record RunCount(int bad, int of, boolean degradedCounts) implements Condition {
    public RunCount {
        if (bad < 1 || of < bad) {
            throw new IllegalArgumentException(bad + " of " + of);
        }
    }

    @Override
    public int runs(Duration interval) {
        return of;
    }

    @Override
    public Duration reach(Duration interval) {
        return Condition.reachOf(of, interval);
    }

    @Override
    public boolean counts(SeriesWindow window, int age) {
        Outcome outcome = window.outcome(age);
        return outcome == Outcome.FAIL || (degradedCounts && outcome == Outcome.DEGRADED);
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        int seen = Math.min(of, window.within(reach(window.interval())));
        int count = 0;
        int latest = -1;
        int first = -1;
        for (int age = 0; age < seen; age++) {
            if (counts(window, age)) {
                count++;
                first = age;
                latest = latest < 0 ? age : latest;
            }
        }
        if (count >= bad) {
            Cause cause = window.cause(latest).orElseThrow();
            var said = window.said(window.outcome(latest));
            return new Verdict.Holds(
                    window.startedAt(first),
                    cause,
                    said.message(),
                    counted(count, seen) + ": " + said.message(),
                    said.evidence(),
                    0,
                    String.valueOf(count));
        }
        // with the runs that are still missing it could hold, so a row torn by a restart is no recovery
        boolean open = count + (of - seen) >= bad;
        return open
                ? new Verdict.Unknown(seen + " of " + of + " runs known, " + count + " bad")
                : new Verdict.Clear(count == 0 ? "no bad run among the last " + seen : count + " of the last " + seen + " runs bad");
    }

    private String counted(int count, int seen) {
        String what = degradedCounts ? "degraded or failed" : "failed";
        if (bad == 1 && of == 1) {
            return "the last run " + what;
        }
        return bad == of ? count + " runs in a row " + what : count + " of the last " + seen + " runs " + what;
    }
}
