package dev.gatewatch.probes.resources;

import dev.gatewatch.config.Suggestions;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.resources.Scanner.Malformed;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes the wanted values from a page in Prometheus's text format. Pure functions. */
final class MetricsPage {
    /** Enough names to suggest one. */
    private static final int MOST_NAMES = 5_000;

    private MetricsPage() {}

    static Readings read(Answer answer, Map<String, ValueSpec> values, Map<String, Quantile> quantiles)
            throws ProbeFailure {
        if (answer.body().encoding().isPresent()) {
            throw new ProbeFailure(new Failure(
                    Cause.CONTENT_MISMATCH,
                    "the metrics come in the coding " + answer.body().encoding().get() + ", which was not asked for"));
        }
        var aggregates = new LinkedHashMap<String, Aggregate>();
        values.forEach((name, spec) -> aggregates.put(name, new Aggregate(spec.selector())));
        List<Histogram> histograms = quantiles.entrySet().stream()
                .map(q -> new Histogram(q.getKey(), q.getValue().histogram(), new Buckets()))
                .toList();
        Set<String> names = new LinkedHashSet<>();
        var series = new long[1];
        try {
            Exposition.read(answer.text(), sample -> {
                series[0]++;
                if (names.size() < MOST_NAMES) {
                    names.add(sample.metric());
                }
                aggregates.values().forEach(a -> a.see(sample));
                histograms.forEach(h -> h.see(sample));
            });
        } catch (Malformed e) {
            throw new ProbeFailure(new Failure(Cause.CONTENT_MISMATCH, "the answer is no metrics page: " + e.getMessage()));
        }
        var numbers = new LinkedHashMap<String, Double>();
        var missing = new LinkedHashMap<String, String>();
        aggregates.forEach((name, aggregate) -> aggregate
                .result()
                .ifPresentOrElse(
                        number -> numbers.put(name, number),
                        () -> missing.put(name, absence(aggregate.selector(), names))));
        var buckets = new LinkedHashMap<String, Buckets>();
        for (Histogram each : histograms) {
            buckets.put(each.name, each.buckets);
            if (each.buckets.isEmpty()) {
                missing.put(each.name, absence(each.selector, names));
            }
        }
        return new Readings(numbers, missing, buckets, series[0]);
    }

    /** The buckets of one quantile's histogram. */
    private record Histogram(String name, Selector selector, Buckets buckets) {
        void see(Sample sample) {
            if (selector.takes(sample)) {
                Quantile.bound(sample).ifPresent(bound -> buckets.add(bound, sample.value()));
            }
        }
    }

    private static String absence(Selector selector, Set<String> names) {
        if (names.contains(selector.metric())) {
            return "no series of " + selector.metric() + " with a number matches " + selector;
        }
        return "there is no metric " + selector.metric()
                + Suggestions.didYouMean(selector.metric(), names).map(near -> " (" + near + ")").orElse("");
    }
}
