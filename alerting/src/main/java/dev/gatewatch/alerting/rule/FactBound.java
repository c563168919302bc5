package dev.gatewatch.alerting.rule;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A measured value is out of its bounds: that of the latest run, or one made of those over a time. Runs that do not report the fact say
 * nothing; a flag counts as 1 or 0 where numbers are asked for. Immutable.
 *
 * @param bound as written; a number for {@link Relation#ABOVE} and {@link Relation#BELOW}
 * @param over made of the runs of which time; the latest run alone without it
 */
public record FactBound(String name, Relation relation, String bound, Optional<Span> over) implements Condition {
    /** How the value must not stand to the bound. */
    public enum Relation {
        ABOVE,
        BELOW,
        EQUALS,
        NOT
    }

    /** What is made of the values of a time. */
    public enum Measure {
        AVG,
        MIN,
        MAX,
        QUANTILE
    }

    /**
     * A time and what is made of its values.
     *
     * @param quantile of {@link Measure#QUANTILE}: above 0, at most 1
     * @param minRuns with fewer values nothing is said
     */
    public record Span(Duration time, Measure measure, double quantile, int minRuns) {}

    @Override
    public int runs(Duration interval) {
        return over.map(span -> Condition.runsIn(span.time(), interval)).orElse(1);
    }

    @Override
    public Duration reach(Duration interval) {
        return over.map(Span::time).orElseGet(() -> Condition.reachOf(1, interval));
    }

    @Override
    public boolean fits(Duration interval) {
        return over.isEmpty() || interval.multipliedBy(over.get().minRuns() - 1L).compareTo(over.get().time()) < 0;
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
    public boolean counts(SeriesWindow window, int age) {
        if (age > 0 || relation == Relation.ABOVE || relation == Relation.BELOW) {
            return outside(window.number(name, age));
        }
        return window.last().map(this::fact).filter(this::outside).isPresent();
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        if (window.size() == 0) {
            return new Verdict.Unknown("no run yet");
        }
        return over.isPresent() ? judge(window, over.get()) : judgeLatest(window);
    }

    private Verdict judgeLatest(SeriesWindow window) {
        Optional<Fact> fact = window.last().map(this::fact);
        if (fact.isEmpty()) {
            return window.outcome(0) == Outcome.PASS
                    ? new Verdict.Clear("the last run passed without telling " + name)
                    : new Verdict.Unknown("the last run did not tell " + name);
        }
        String shown = fact.get().shown();
        return outside(fact.get())
                ? holds(window, 0, name + " is " + shown, shown)
                : new Verdict.Clear(name + " is " + shown);
    }

    private Verdict judge(SeriesWindow window, Span span) {
        int seen = window.within(span.time());
        double[] values = new double[seen];
        int n = 0;
        int first = 0;
        for (int age = 0; age < seen; age++) {
            double value = window.number(name, age);
            if (!Double.isNaN(value)) {
                values[n++] = value;
                first = outside(value) ? age : first;
            }
        }
        if (n < span.minRuns()) {
            return Condition.tooFew(n + " of at least " + span.minRuns() + " runs that tell " + name, fits(window.interval()));
        }
        double value = made(Arrays.copyOf(values, n), span);
        String shown = Fact.of(value).shown();
        String seenAs = words(span) + " of " + name + " over " + Durations.format(span.time()) + " is " + shown;
        return outside(value) ? holds(window, first, seenAs, shown) : new Verdict.Clear(seenAs);
    }

    private Verdict holds(SeriesWindow window, int first, String seen, String value) {
        String message = seen
                + switch (relation) {
                    case ABOVE -> ", above " + bound;
                    case BELOW -> ", below " + bound;
                    case EQUALS -> "";
                    case NOT -> ", expected " + bound;
                };
        return new Verdict.Holds(window.startedAt(first), Cause.FACT_OUT_OF_BOUNDS, message, message, "", 0, value);
    }

    private @org.jspecify.annotations.Nullable Fact fact(Result result) {
        Map<String, Fact> facts = result.report().facts();
        return facts.get(name);
    }

    private boolean outside(Fact fact) {
        return switch (relation) {
            case ABOVE, BELOW -> switch (fact) {
                case Fact.Quantity(double number) -> outside(number);
                case Fact.Flag(boolean flag) -> outside(flag ? 1.0 : 0.0);
                case Fact.Text _ -> false;
            };
            case EQUALS -> same(fact);
            case NOT -> !same(fact);
        };
    }

    private boolean outside(double value) {
        return switch (relation) {
            case ABOVE -> value > Double.parseDouble(bound);
            case BELOW -> value < Double.parseDouble(bound);
            case EQUALS, NOT -> false;
        };
    }

    private boolean same(Fact fact) {
        if (fact.shown().equals(bound)) {
            return true;
        }
        try {
            return fact instanceof Fact.Quantity(double number) && number == Double.parseDouble(bound);
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private static double made(double[] values, Span span) {
        return switch (span.measure()) {
            case AVG -> Arrays.stream(values).average().orElseThrow();
            case MIN -> Arrays.stream(values).min().orElseThrow();
            case MAX -> Arrays.stream(values).max().orElseThrow();
            case QUANTILE -> {
                Arrays.sort(values);
                int rank = Math.clamp((int) Math.ceil(span.quantile() * values.length - 1e-9), 1, values.length);
                yield values[rank - 1];
            }
        };
    }

    private static String words(Span span) {
        return switch (span.measure()) {
            case AVG -> "average";
            case MIN -> "least";
            case MAX -> "greatest";
            case QUANTILE -> "p" + Words.number(span.quantile() * 100);
        };
    }
}
