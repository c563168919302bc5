package dev.gatewatch.probes.resources;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.Memory;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A quantile of what a histogram observed since the last run, such as the P99 latency. Immutable.
 *
 * @param histogram selector of its buckets' series
 */
record Quantile(Selector histogram, double quantile) {
    private static final String SUFFIX = "_bucket";

    private static final Key<Selector> HISTOGRAM = Key.required(
            "histogram", Selector.TYPE, "Selector of the histogram, with or without _bucket; its series are summed.");
    private static final Key<Double> QUANTILE =
            Key.withDefault("quantile", Types.decimal(0, 1), 0.99, "0.99", "Quantile from 0 to 1: 0.99 for the P99.");

    static final SectionType<Quantile> TYPE =
            SectionType.of("quantile", List.of(HISTOGRAM, QUANTILE), Quantile::read);

    private static Quantile read(Section s) {
        Selector h = s.get(HISTOGRAM);
        if (h.aggregated()) {
            s.problem(HISTOGRAM, "the series of a histogram are summed; write it without " + h.aggregation());
        }
        String metric = h.metric().endsWith(SUFFIX) ? h.metric() : h.metric() + SUFFIX;
        return new Quantile(
                new Selector(h.text(), h.aggregation(), false, metric, h.matchers()), s.get(QUANTILE));
    }

    /** The bound of a bucket's series. */
    static OptionalDouble bound(Sample sample) {
        String bound = sample.label("le");
        return bound.equals("+Inf") || bound.equals("Inf")
                ? OptionalDouble.of(Double.POSITIVE_INFINITY)
                : Numbers.parse(bound).map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    }

    /** The quantile of what came since the last run; nothing in the first one, and where nothing came. Remembers the buckets. */
    OptionalDouble of(String name, Buckets now, Memory memory) {
        String key = "histogram." + name;
        String head = Integer.toHexString(histogram.text().hashCode());
        String[] words = memory.get(key).orElse("").split(" ");
        memory.put(key, written(head, now));
        if (!words[0].equals(head) || words.length % 2 == 0) {
            return OptionalDouble.empty();
        }
        var before = new Buckets();
        try {
            for (int i = 1; i < words.length; i += 2) {
                before.add(Double.parseDouble(words[i]), Double.parseDouble(words[i + 1]));
            }
        } catch (NumberFormatException _) {
            return OptionalDouble.empty();
        }
        return now.since(before).quantile(quantile);
    }

    private static String written(String head, Buckets buckets) {
        var text = new StringBuilder(head);
        buckets.counts().forEach((bound, count) -> text.append(' ').append(bound).append(' ').append(count));
        return text.toString();
    }
}
