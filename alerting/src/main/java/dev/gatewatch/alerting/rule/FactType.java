package dev.gatewatch.alerting.rule;

import dev.gatewatch.alerting.rule.FactBound.Measure;
import dev.gatewatch.alerting.rule.FactBound.Relation;
import dev.gatewatch.alerting.rule.FactBound.Span;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How a bound on a fact is written. */
final class FactType {
    static final ValueType<String> NUMBER = Types.scalar("a number", Map.of("type", "number"), FactType::number);

    static final Key<String> NAME = Key.required(
            "name", Types.text("a fact's name", ".{1,200}"), "The fact, as the probe's page names it, such as `http_status`.");
    static final Key<String> ABOVE =
            Key.optional("above", NUMBER, "Trouble is a value above this number, in base units. A flag counts as 1 or 0.");
    static final Key<String> BELOW = Key.optional("below", NUMBER, "Trouble is a value below this number.");
    static final Key<String> EQUALS = Key.optional("equals", Types.text(), "Trouble is this very value: a number, a text, true or false.");
    static final Key<String> NOT = Key.optional("not", Types.text(), "Trouble is any other value than this.");
    static final Key<Duration> OVER = Key.optional(
            "over",
            Types.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            "Over which time, back from the latest run; without it the latest run alone counts. With `above` and `below`.");
    static final Key<Measure> MEASURE = Key.optional(
            "measure", Types.oneOf(measures()), "What is made of the values of that time: `avg` (the default), `min` or `max`.");
    static final Key<Double> QUANTILE =
            Key.optional("quantile", Types.decimal(0.01, 1), "Instead of `measure`: this quantile of the values.");
    static final Key<Integer> MIN_RUNS = Key.withDefault(
            "min_runs", Types.integer(1, 1_000), 5, "5", "With fewer runs in that time that tell the fact nothing is said.");

    static final SectionType<Condition> SECTION = SectionType.of(
            "fact", List.of(NAME, ABOVE, BELOW, EQUALS, NOT, OVER, MEASURE, QUANTILE, MIN_RUNS), FactType::read);

    private FactType() {}

    private static Condition read(Section section) {
        List<Key<String>> written =
                List.of(ABOVE, BELOW, EQUALS, NOT).stream().filter(section::has).toList();
        if (written.size() != 1) {
            section.problem(
                    written.isEmpty() ? NAME : written.get(1),
                    "a bound is exactly one of above, below, equals, not; here are " + (written.isEmpty() ? "none" : written.size()));
            return new FactBound(section.get(NAME), Relation.ABOVE, "0", Optional.empty()); // dropped
        }
        Key<String> key = written.getFirst();
        Relation relation = relation(key);
        if (section.has(OVER) && relation != Relation.ABOVE && relation != Relation.BELOW) {
            section.problem(OVER, "values over a time can be above or below a number only");
        }
        for (Key<?> needs : List.<Key<?>>of(MEASURE, QUANTILE, MIN_RUNS)) {
            if (section.has(needs) && !section.has(OVER)) {
                section.problem(needs, "\"" + needs.name() + "\" goes with over only");
            }
        }
        if (section.has(MEASURE) && section.has(QUANTILE)) {
            section.problem(QUANTILE, "measure or quantile, not both");
        }
        Optional<Span> span = section.find(OVER).map(time -> new Span(
                time,
                section.has(QUANTILE) ? Measure.QUANTILE : section.find(MEASURE).orElse(Measure.AVG),
                section.find(QUANTILE).orElse(1.0),
                section.get(MIN_RUNS)));
        return new FactBound(section.get(NAME), relation, section.get(key), span);
    }

    /** Each key of a bound is named as its relation. */
    private static Relation relation(Key<String> key) {
        return Relation.valueOf(key.name().toUpperCase(Locale.ROOT));
    }

    private static Optional<String> number(String text) {
        try {
            return Double.isFinite(Double.parseDouble(text)) ? Optional.of(text) : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static java.util.SequencedMap<String, Measure> measures() {
        var words = new LinkedHashMap<String, Measure>();
        words.put("avg", Measure.AVG);
        words.put("min", Measure.MIN);
        words.put("max", Measure.MAX);
        return words;
    }
}
