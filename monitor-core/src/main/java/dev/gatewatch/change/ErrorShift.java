package dev.gatewatch.change;

import dev.gatewatch.stats.Normal;
import dev.gatewatch.stats.Proportions;
import java.util.Locale;
import java.util.Optional;

/**
 * By how much the share of failed runs moved with a change: Newcombe's interval and Fisher's exact test, which take runs for independent.
 * As failures come in clusters, a rise also has to be one that the series' own past seldom had without a change. Pure.
 */
final class ErrorShift {
    private static final int BEFORE = 4;
    private static final int LEAST_MOMENTS = 20;
    private static final int MOST_MOMENTS = 200;
    private static final double TAIL = 1 - (1 - Bounds.CONFIDENCE) / 2;

    private ErrorShift() {}

    static Measure of(Runs runs, Span span, Bounds bounds) {
        int from = runs.from(span.from());
        int to = runs.from(span.to());
        int changed = runs.from(span.changed());
        int start = runs.from(Math.max(span.earliest(), span.changed() - BEFORE * span.after()));
        int before = changed - start;
        int after = to - from;
        int failedBefore = failed(runs, start, changed);
        int failedAfter = failed(runs, from, to);
        double shareBefore = (double) failedBefore / before;
        double shareAfter = (double) failedAfter / after;
        if (before < Bounds.LEAST_RUNS || after < Bounds.LEAST_RUNS) {
            return new Measure(
                    before,
                    after,
                    shareBefore,
                    shareAfter,
                    Optional.empty(),
                    Verdict.TOO_LITTLE_DATA,
                    Math.min(before, after) + " runs " + (after <= before ? "after" : "before") + " the change, " + Bounds.LEAST_RUNS + " are needed");
        }
        Proportions.Interval interval =
                Proportions.difference(failedBefore, before, failedAfter, after, Normal.quantile(TAIL));
        double change = shareAfter - shareBefore;
        var effect = new Effect(
                change,
                interval.lower(),
                interval.upper(),
                Proportions.atLeast(failedBefore, before, failedAfter, after),
                Proportions.atLeast(failedAfter, after, failedBefore, before));
        Verdict verdict = verdict(effect, bounds.errors());
        String reason = words(effect, shareBefore, shareAfter);
        if (verdict == Verdict.WORSE && !seldom(runs, span, change)) {
            return new Measure(
                    before, after, shareBefore, shareAfter, Optional.of(effect), Verdict.TOO_LITTLE_DATA, reason + ", as it now and then was before");
        }
        return new Measure(before, after, shareBefore, shareAfter, Optional.of(effect), verdict, reason);
    }

    private static Verdict verdict(Effect effect, double matters) {
        if (effect.lower() > 0 && effect.change() >= matters) {
            return Verdict.WORSE;
        }
        if (effect.upper() < 0 && effect.change() <= -matters) {
            return Verdict.BETTER;
        }
        return effect.upper() < Bounds.RULED_OUT * matters ? Verdict.SAME : Verdict.TOO_LITTLE_DATA;
    }

    private static String words(Effect effect, double before, double after) {
        return share(before) + " of runs failed before, " + share(after) + " after (by " + points(effect.lower()) + " to "
                + points(effect.upper()) + " points)";
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, share == 0 || share >= 0.0995 ? "%.0f%%" : "%.1f%%", 100 * share);
    }

    private static String points(double share) {
        return String.format(Locale.ROOT, "%+.1f", 100 * share);
    }

    /** Whether fewer than one in a hundred moments of the past show such a rise; with a short past there is nothing to hold against it. */
    private static boolean seldom(Runs runs, Span span, double rise) {
        long length = BEFORE * span.after();
        long first = runs.at(0) + length;
        long last = span.changed() - span.gap() - span.after();
        long step = Math.max(Math.max(1, span.after() / 2), (last - first) / MOST_MOMENTS);
        int moments = 0;
        int such = 0;
        for (long at = first; at <= last; at += step) {
            int from = runs.from(at + span.gap());
            int to = runs.from(at + span.gap() + span.after());
            int start = runs.from(at - length);
            int end = runs.from(at);
            if (to - from < Bounds.LEAST_RUNS / 2 || end - start < Bounds.LEAST_RUNS / 2) {
                continue;
            }
            moments++;
            double was = (double) failed(runs, from, to) / (to - from) - (double) failed(runs, start, end) / (end - start);
            such += was >= rise ? 1 : 0;
        }
        return moments < LEAST_MOMENTS || such <= 0.01 * moments;
    }

    private static int failed(Runs runs, int from, int to) {
        int failed = 0;
        for (int i = from; i < to; i++) {
            failed += runs.failed(i) ? 1 : 0;
        }
        return failed;
    }
}
