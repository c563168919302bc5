package dev.gatewatch.alerting.rule;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.stats.Trend;
import dev.gatewatch.stats.Trend.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A fact is on its way to a bound where it is used up: days left, quota, free space, connections. How fast is the {@linkplain Trend trend} of its
 * values since it was last filled up. Holds when even at the slowest speed that the trend may have the bound is near. Immutable.
 *
 * @param at the bound
 * @param within how near is too near
 * @param over how far back the trend looks
 * @param confidence of the trend's interval, two-sided
 */
public record Exhausts(String name, double at, Duration within, Duration over, double confidence) implements Condition {
    /** A trend is told from so much of its time on. */
    private static final int LEAST_PART = 4;

    /** A step the other way by so much of all that was seen is a refill. */
    private static final double REFILL = 0.5;

    /** Days and quotas have steps of their own: a refill is greater than so many usual ones. */
    private static final double USUAL_STEPS = 8;

    /** What is told is over only when the end is this much farther away, so that noise does not end and begin it. */
    private static final double RELEASE = 1.1;

    @Override
    public int runs(Duration interval) {
        return 1;
    }

    /** The trail is written now and then; what came since is remembered. */
    @Override
    public Duration reach(Duration interval) {
        return over.dividedBy(Trail.POINTS / 2).plus(Condition.reachOf(1, interval)).plusMinutes(10);
    }

    @Override
    public boolean comparesRegions() {
        return false;
    }

    @Override
    public Set<String> facts() {
        return Set.of(name);
    }

    @Override
    public boolean fits(Duration interval) {
        return interval.multipliedBy(Trend.FEWEST).compareTo(over) < 0;
    }

    @Override
    public boolean counts(SeriesWindow window, int age) {
        return true;
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        Optional<Trail> trail = window.trail(name, over);
        if (window.size() == 0 || trail.isEmpty()) {
            return new Verdict.Unknown("no run yet");
        }
        List<Point> all = trail.get().points();
        if (all.isEmpty()) {
            return new Verdict.Unknown("no run has told " + name);
        }
        double now = all.getLast().value();
        boolean falls = middle(all) > at;
        if (falls ? now <= at : now >= at && middle(all) < at) {
            String said = name + " is " + number(now) + ", used up at " + number(at);
            return new Verdict.Holds(window.startedAt(0), Cause.RESOURCE_EXHAUSTING, said, said, "", 1, number(now));
        }
        List<Integer> refills = refills(all, falls);
        if (refills.size() > 1) {
            return new Verdict.Clear(name + " is filled up again and again: " + refills.size() + " times in " + Durations.format(over));
        }
        List<Point> since = refills.isEmpty() ? all : all.subList(refills.getLast(), all.size());
        Duration seen = Duration.ofMillis(since.getLast().millis() - since.getFirst().millis());
        if (since.size() < Trend.FEWEST || seen.multipliedBy(LEAST_PART).compareTo(over) < 0) {
            return since.size() < all.size()
                    ? new Verdict.Clear(name + " was filled up to " + number(since.getFirst().value()))
                    : Condition.tooFew(Words.roughly(seen) + " of " + Durations.format(over) + " is too little for a trend of " + name, fits(window.interval()));
        }
        return judge(window, Trend.of(since, confidence), now);
    }

    private Verdict judge(SeriesWindow window, Optional<Trend> trend, double now) {
        Optional<Duration> left = trend.flatMap(t -> t.until(now, at));
        Optional<Duration> longest = trend.flatMap(t -> t.latest(now, at));
        if (left.isEmpty()) {
            return new Verdict.Clear(name + " is " + number(now) + " and does not steadily go to " + number(at));
        }
        Duration shortest = trend.flatMap(t -> t.earliest(now, at)).orElse(left.get());
        String said = name + " " + number(now) + speed(trend.get().perSecond()) + ", at " + number(at) + " in " + span(left.get()) + " ("
                + longest.map(most -> range(shortest, most)).orElse("or later") + ")";
        if (longest.filter(most -> most.compareTo(within) < 0).isPresent()) {
            return new Verdict.Holds(window.startedAt(0), Cause.RESOURCE_EXHAUSTING, said, said, "", 0, span(left.get()));
        }
        boolean far = left.get().toMillis() > RELEASE * within.toMillis();
        return !far ? new Verdict.Unknown("close, and not certain: " + said) : new Verdict.Clear(said);
    }

    /** Where a step goes far the other way: what was before the last says nothing of how it is used now. */
    private static List<Integer> refills(List<Point> all, boolean falls) {
        int n = all.size();
        double[] steps = new double[n - 1];
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            least = Math.min(least, all.get(i).value());
            most = Math.max(most, all.get(i).value());
            if (i > 0) {
                steps[i - 1] = Math.abs(all.get(i).value() - all.get(i - 1).value());
            }
        }
        Arrays.sort(steps);
        double usual = n > 1 ? steps[(n - 1) / 2] : 0;
        double refill = Math.max(REFILL * (most - least), USUAL_STEPS * usual);
        var refills = new ArrayList<Integer>();
        for (int i = 1; i < n; i++) {
            double step = all.get(i).value() - all.get(i - 1).value();
            if ((falls ? step : -step) > refill) {
                refills.add(i);
            }
        }
        return refills;
    }

    private static double middle(List<Point> points) {
        double[] values = points.stream().mapToDouble(Point::value).sorted().toArray();
        return values[values.length / 2];
    }

    private static String speed(double perSecond) {
        double hourly = Math.abs(perSecond) * 3_600;
        String way = perSecond < 0 ? ", falls by " : ", grows by ";
        if (hourly >= 1_000) {
            return way + number(hourly / 60) + " a minute";
        }
        return hourly >= 1 ? way + number(hourly) + " an hour" : way + number(24 * hourly) + " a day";
    }

    /** {@code 36–46 h}. */
    private static String range(Duration from, Duration to) {
        String unit = unit(to);
        return amount(from, unit) + "–" + amount(to, unit) + " " + unit;
    }

    private static String span(Duration time) {
        String unit = unit(time);
        return amount(time, unit) + " " + unit;
    }

    /** Two digits say enough. */
    private static String unit(Duration time) {
        return time.toHours() >= 72 ? "days" : time.toMinutes() >= 120 ? "h" : time.toSeconds() >= 120 ? "min" : "s";
    }

    private static String amount(Duration time, String unit) {
        double seconds = time.toMillis() / 1e3;
        double amount = seconds / switch (unit) {
            case "days" -> 86_400;
            case "h" -> 3_600;
            case "min" -> 60;
            default -> 1;
        };
        return String.format(Locale.ROOT, amount < 9.95 ? "%.1f" : "%.0f", amount).replaceFirst("\\.0$", "");
    }

    /** {@code 1 240}, {@code 31}, {@code 0.54}: thousands apart, three digits of what is small. */
    private static String number(double value) {
        if (Math.abs(value) >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value).replace(',', ' ');
        }
        String text = String.format(Locale.ROOT, "%.3g", value);
        return text.contains(".") && !text.contains("e") ? text.replaceFirst("\\.?0+$", "") : text;
    }
}
