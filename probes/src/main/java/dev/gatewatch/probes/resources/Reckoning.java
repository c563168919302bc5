package dev.gatewatch.probes.resources;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.resources.Exhaustion.Limit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Makes facts of what was read, and judges them. Confined to the run's thread. */
final class Reckoning {
    private final ResourcesConfig config;
    private final Run run;
    private final Redaction redaction;
    private final Report.Builder report;
    private final Map<String, Double> all = new LinkedHashMap<>();

    Reckoning(ResourcesConfig config, Run run, Redaction redaction, Report.Builder report) {
        this.config = config;
        this.run = run;
        this.redaction = redaction;
        this.report = report;
    }

    void judge(Readings readings) {
        report.fact(ResourceFacts.SERIES, (double) readings.series());
        values(readings);
        rates();
        config.ratios().forEach((name, ratio) -> {
            if (all.containsKey(ratio.part()) && all.containsKey(ratio.whole())) {
                put(name, Ratio.of(all.get(ratio.part()), all.get(ratio.whole())));
            }
        });
        config.quantiles().forEach((name, quantile) -> {
            Buckets buckets = readings.histograms().getOrDefault(name, new Buckets());
            if (buckets.isEmpty()) {
                missing(name, readings);
            } else {
                put(name, quantile.of(name, buckets, run.memory()));
            }
        });
        all.forEach((name, value) -> report.fact(ResourceFacts.VALUE + "." + name, value));
        config.thresholds().forEach((name, threshold) -> {
            if (all.containsKey(name)) {
                threshold.judge(name, all.get(name), report);
            }
        });
        config.exhaustions().forEach(this::exhaustion);
        if (report.outcome() != Outcome.PASS) {
            evidence();
        }
    }

    private void values(Readings readings) {
        config.values().forEach((name, spec) -> {
            OptionalDouble number = readings.number(name);
            OptionalDouble known = number.isPresent() ? number : spec.absent();
            put(name, known);
            if (known.isEmpty()) {
                missing(name, readings);
            }
        });
    }

    private void missing(String name, Readings readings) {
        String why = readings.missing().getOrDefault(name, "it was not told");
        report.fail(Cause.CONTENT_MISMATCH, redaction.line("no value for " + name + ": " + why));
    }

    private void rates() {
        var counters = new Counters(run.memory(), run.clock().instant());
        var rates = new LinkedHashMap<String, OptionalDouble>();
        config.rates().forEach((name, of) -> {
            if (all.containsKey(of)) {
                rates.put(name, counters.perSecond(name, config.meaning(name), all.get(of)));
            }
        });
        counters.keep();
        rates.forEach(this::put);
    }

    private void put(String name, OptionalDouble number) {
        number.ifPresent(n -> all.put(name, n));
    }

    private void exhaustion(Exhaustion exhaustion) {
        OptionalDouble end =
                switch (exhaustion.limit()) {
                    case Limit.Fixed(double number) -> OptionalDouble.of(number);
                    case Limit.Named(String name) ->
                        all.containsKey(name) ? OptionalDouble.of(all.get(name)) : OptionalDouble.empty();
                };
        Double now = all.get(exhaustion.value());
        if (now != null && end.isPresent()) {
            exhaustion.judge(now, end.getAsDouble(), config.meaning(exhaustion.value()), run, report);
        }
    }

    private void evidence() {
        var text = new StringBuilder();
        all.forEach((name, value) -> text.append(name).append(' ').append(Numbers.shown(value)).append('\n'));
        if (!text.isEmpty()) {
            report.evidence("values", text.toString().strip());
        }
    }
}
