package dev.gatewatch.probes.resources;

import dev.gatewatch.config.Suggestions;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.resources.Scanner.Malformed;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
        var histograms = new LinkedHashMap<String, Buckets>();
        quantiles.keySet().forEach(name -> histograms.put(name, new Buckets()));
        Set<String> names = new LinkedHashSet<>();
        var series = new long[1];
        try {
            Exposition.read(answer.text(), sample -> {
                series[0]++;
                if (names.size() < MOST_NAMES) {
                    names.add(sample.metric());
                }
                aggregates.values().forEach(a -> a.see(sample));
                quantiles.forEach((name, q) -> {
                    if (q.histogram().takes(sample)) {
                        Quantile.bound(sample).ifPresent(le -> histograms.get(name).add(le, sample.value()));
                    }
                });
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
                        () -> missing.put(name, absence(values.get(name).selector(), names))));
        quantiles.forEach((name, q) -> {
            if (histograms.get(name).isEmpty()) {
                missing.put(name, absence(q.histogram(), names));
            }
        });
        return new Readings(numbers, missing, histograms, series[0]);
    }

    private static String absence(Selector selector, Set<String> names) {
        if (names.contains(selector.metric())) {
            return "no series of " + selector.metric() + " with a number matches " + selector;
        }
        return "there is no metric " + selector.metric()
                + Suggestions.didYouMean(selector.metric(), names).map(near -> " (" + near + ")").orElse("");
    }
}
