package dev.gatewatch.change;

import dev.gatewatch.stats.Normal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By what factor the latency of a series moved with a change. Pure; one comparison on one thread.
 *
 * <p>The shift is the difference of two {@linkplain Location middles} of logarithms: after the change and just before it, each value less
 * what is usual at its time where that is known. How far it may be off is read from the series' own past: the same difference is taken at
 * as many moments before the change as there are, when nothing was changed, and how those scatter holds all that makes two neighbouring
 * windows differ: noise, bursts, slow wandering, a rhythm that is not known. Where the past is too short for that, the scatter within
 * the two windows has to do, with something added for what cannot be known yet. The before is as long as the after, or two or four times: whichever scatters least.
 */
final class LatencyShift {
    private static final int[] BEFORE = {1, 2, 4};

    /** Fewer moments of the past say too little of how differences scatter. */
    private static final int LEAST_MOMENTS = 20;

    private static final int MOST_MOMENTS = 200;

    /** Standard deviation of the logarithm: what those of the latency bench's kinds wander in an hour that restlessly wander most, but for one. */
    private static final double UNKNOWN_AN_HOUR = 0.05;

    /** The part of a normal distribution's absolute values that is below 1.96. */
    private static final double MOST = 0.95;

    private static final double TAIL = 1 - (1 - Bounds.CONFIDENCE) / 2;

    private final Runs runs;
    private final Span span;
    private final Location location;

    private LatencyShift(Runs runs, Span span, Usual usual) {
        this.runs = runs;
        this.span = span;
        this.location = new Location(values(runs, usual));
    }

    /** What two windows make. */
    private record Found(double shift, double half, int before) {}

    static Measure of(Runs runs, Span span, Usual usual, Bounds bounds) {
        return new LatencyShift(runs, span, usual).measure(bounds);
    }

    /** Logarithms, less those of what is usual if that is known throughout; NaN for failed runs, whose time says nothing. */
    private static double[] values(Runs runs, Usual usual) {
        double[] values = new double[runs.size()];
        boolean known = true;
        for (int i = 0; i < values.length; i++) {
            values[i] = runs.failed(i) || !(runs.millis(i) > 0) ? Double.NaN : Math.log(runs.millis(i));
        }
        double[] compared = values.clone();
        for (int i = 0; i < values.length && known; i++) {
            double expected = usual.at(runs.at(i));
            known = expected > 0;
            compared[i] -= Math.log(expected);
        }
        return known ? compared : values;
    }

    private Measure measure(Bounds bounds) {
        int from = runs.from(span.from());
        int to = runs.from(span.to());
        int changed = runs.from(span.changed());
        int after = location.count(from, to);
        @Nullable Found best = null;
        for (int times : BEFORE) {
            Found found = compare(times);
            if (found != null && (best == null || found.half < best.half)) {
                best = found;
            }
        }
        if (best == null) {
            int before = location.count(start(BEFORE[BEFORE.length - 1]), changed);
            int least = Math.min(before, after);
            return new Measure(
                    before,
                    after,
                    median(start(4), changed),
                    median(from, to),
                    Optional.empty(),
                    Verdict.TOO_LITTLE_DATA,
                    least + " runs that passed " + (after <= before ? "after" : "before") + " the change, " + Bounds.LEAST_RUNS + " are needed");
        }
        double scale = best.half / Normal.quantile(TAIL);
        double standard = best.shift == 0 ? 0 : best.shift / scale;
        var effect = new Effect(
                Math.expm1(best.shift),
                Math.expm1(best.shift - best.half),
                Math.expm1(best.shift + best.half),
                Normal.above(standard),
                Normal.above(-standard));
        int first = runs.from(span.changed() - best.before * span.after());
        first = Math.max(first, runs.from(span.earliest()));
        return new Measure(
                location.count(first, changed),
                after,
                median(first, changed),
                median(from, to),
                Optional.of(effect),
                verdict(best, Math.log1p(bounds.latency())),
                words(effect, bounds));
    }

    private static Verdict verdict(Found found, double matters) {
        double lower = found.shift - found.half;
        double upper = found.shift + found.half;
        if (lower > 0 && found.shift >= matters) {
            return Verdict.WORSE;
        }
        if (upper < 0 && found.shift <= -matters) {
            return Verdict.BETTER;
        }
        boolean little = Math.abs(found.shift) < matters && upper < 2 * matters && lower > -2 * matters;
        return little ? Verdict.SAME : Verdict.TOO_LITTLE_DATA;
    }

    private static String words(Effect effect, Bounds bounds) {
        String interval = percent(effect.lower()) + " to " + percent(effect.upper());
        String least = plain(100 * bounds.latency()) + "%";
        double change = effect.change();
        if (Math.abs(change) < 0.005) {
            return "as before (" + interval + "; " + least + " matters)";
        }
        return (change > 0 ? "slower by " : "faster by ") + percent(Math.abs(change)).substring(1) + " (" + interval + "; " + least + " matters)";
    }

    /** {@code 10}, {@code 2.5}. */
    private static String plain(double number) {
        return BigDecimal.valueOf(number).setScale(2, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString();
    }

    private static String percent(double share) {
        double percent = 100 * share;
        return String.format(Locale.ROOT, Math.abs(percent) < 9.95 ? "%+.1f%%" : "%+.0f%%", percent);
    }

    /** The first run of a before of so many afters' length. */
    private int start(int times) {
        return runs.from(Math.max(span.earliest(), span.changed() - times * span.after()));
    }

    private @Nullable Found compare(int times) {
        int from = runs.from(span.from());
        int to = runs.from(span.to());
        int changed = runs.from(span.changed());
        int start = start(times);
        double shift = location.of(from, to, Bounds.LEAST_RUNS) - location.of(start, changed, Bounds.LEAST_RUNS);
        if (Double.isNaN(shift)) {
            return null;
        }
        int after = location.count(from, to);
        int before = location.count(start, changed);
        double noise = location.variance(from, to) + location.variance(start, changed);
        double within = Normal.studentQuantile(TAIL, freedom(after)) * Math.sqrt(noise);
        double past = past(times, before, after);
        double half = past > 0
                ? Math.max(within, past)
                : Math.hypot(within, Normal.quantile(TAIL) * unknown(apart(times)));
        return new Found(shift, half, times);
    }

    /** How far the middles of before and after lie apart, in hours. */
    private double apart(int times) {
        return (times * span.after() / 2.0 + span.gap() + span.after() / 2.0) / 3_600_000;
    }

    /** What a level may wander in that time where the past is too short to tell: as a random walk goes. */
    private static double unknown(double hours) {
        return UNKNOWN_AN_HOUR * Math.sqrt(Math.min(1, hours));
    }

    private static double freedom(int runs) {
        return Math.max(4, (double) runs / Location.lags(runs));
    }

    /** Half the interval that the past asks for; 0 where it is too short to ask for anything. */
    private double past(int times, int before, int after) {
        long length = times * span.after();
        long first = runs.at(0) + length;
        long last = span.changed() - span.gap() - span.after();
        long step = Math.max(Math.max(1, span.after() / 2), (last - first) / MOST_MOMENTS);
        double[] shifts = new double[MOST_MOMENTS + 2];
        int n = 0;
        for (long at = first; at <= last && n < shifts.length; at += step) {
            int from = runs.from(at + span.gap());
            double shift = location.of(from, runs.from(at + span.gap() + span.after()), fit(after))
                    - location.of(runs.from(at - length), runs.from(at), fit(before));
            if (!Double.isNaN(shift)) {
                shifts[n++] = Math.abs(shift);
            }
        }
        if (n < LEAST_MOMENTS) {
            return 0;
        }
        Arrays.sort(shifts, 0, n);
        double spread = Math.max(shifts[n / 2] / 0.6745, shifts[Math.min(n - 1, (int) (MOST * n))] / Normal.quantile((1 + MOST) / 2));
        double independent = Math.max(4, (double) (last - first) / (2 * span.after()));
        return Normal.studentQuantile(TAIL, independent) * spread;
    }

    /** A moment of the past counts when it has nearly as many runs as there are now. */
    private static int fit(int runs) {
        return Math.max(10, (int) (0.6 * runs));
    }

    private double median(int from, int to) {
        double[] millis = new double[Math.max(0, to - from)];
        int n = 0;
        for (int i = from; i < to; i++) {
            if (!runs.failed(i)) {
                millis[n++] = runs.millis(i);
            }
        }
        Arrays.sort(millis, 0, n);
        return n == 0 ? Double.NaN : (millis[(n - 1) / 2] + millis[n / 2]) / 2;
    }
}
