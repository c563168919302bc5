package dev.gatewatch.change;

import dev.gatewatch.probe.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What became of all probes with a change. Immutable.
 *
 * <p>Many probes are many chances to be wrong. So {@code better} and {@code worse} are said of a probe only where that holds for all of them
 * together: over both quantities of all probes, the probability of one wrong {@code worse} (and likewise {@code better}) of a change that does
 * nothing is at most half of what {@link Bounds#CONFIDENCE} leaves. Source: S. Holm 1979, which needs no independence. {@code same} needs no
 * such care: the whole is the same only where every probe is, and that is wrong no more often than its least certain part.
 *
 * @param verdict of the whole: {@code worse} where any probe is; else {@code too little data} where that is all that is known of a probe that
 *     runs often enough; else {@code better} where any is
 * @param probes the worst first
 */
public record Comparison(Verdict verdict, Span span, Bounds bounds, List<ProbeComparison> probes) {
    public Comparison {
        probes = List.copyOf(probes);
    }

    /** A series with its runs, long before the change to its end. */
    public record Subject(Series series, Runs runs, Span span, Usual usual) {}

    /**
     * Compares.
     *
     * @param span the change's own; those of subjects may begin later
     */
    public static Comparison of(Span span, List<Subject> subjects, Bounds bounds) {
        var found = new ArrayList<ProbeComparison>();
        for (Subject subject : subjects) {
            found.add(ProbeComparison.of(subject.series(), subject.runs(), subject.span(), subject.usual(), bounds));
        }
        double limit = (1 - Bounds.CONFIDENCE) / 2;
        double worst = admitted(found, Effect::worse, limit);
        double best = admitted(found, Effect::better, limit);
        List<ProbeComparison> careful = found.stream()
                .map(p -> p.with(careful(p.latency(), worst, best), careful(p.errors(), worst, best)))
                .sorted(Comparator.comparingInt((ProbeComparison p) -> rank(p.verdict()))
                        .thenComparingDouble(p -> -p.latency().effect().map(Effect::change).orElse(-9.0))
                        .thenComparing(p -> p.series().display()))
                .toList();
        return new Comparison(whole(careful), span, bounds, careful);
    }

    /** The greatest probability that is small enough for its rank among all: Holm's step-down. Negative where none is. */
    private static double admitted(List<ProbeComparison> found, ToDoubleFunction<Effect> probability, double limit) {
        double[] all = found.stream()
                .flatMap(p -> java.util.stream.Stream.concat(p.latency().effect().stream(), p.errors().effect().stream()))
                .mapToDouble(probability)
                .sorted()
                .toArray();
        double admitted = -1;
        for (int i = 0; i < all.length && all[i] <= limit / (all.length - i); i++) {
            admitted = all[i];
        }
        return admitted;
    }

    private static Measure careful(Measure measure, double worst, double best) {
        if (measure.effect().isEmpty()) {
            return measure;
        }
        Effect effect = measure.effect().get();
        boolean chance = (measure.verdict() == Verdict.WORSE && effect.worse() > worst)
                || (measure.verdict() == Verdict.BETTER && effect.better() > best);
        return chance
                ? measure.but(Verdict.TOO_LITTLE_DATA, measure.reason() + "; among so many comparisons that may be chance")
                : measure;
    }

    private static int rank(Verdict verdict) {
        return switch (verdict) {
            case WORSE -> 0;
            case TOO_LITTLE_DATA -> 1;
            case BETTER -> 2;
            case SAME -> 3;
        };
    }

    private static Verdict whole(List<ProbeComparison> probes) {
        if (probes.stream().anyMatch(p -> p.verdict() == Verdict.WORSE)) {
            return Verdict.WORSE;
        }
        List<Verdict> counted = probes.stream()
                .filter(p -> !p.seldom() || p.verdict() != Verdict.TOO_LITTLE_DATA)
                .map(ProbeComparison::verdict)
                .toList();
        if (counted.isEmpty() || counted.contains(Verdict.TOO_LITTLE_DATA)) {
            return Verdict.TOO_LITTLE_DATA;
        }
        return counted.contains(Verdict.BETTER) ? Verdict.BETTER : Verdict.SAME;
    }
}
