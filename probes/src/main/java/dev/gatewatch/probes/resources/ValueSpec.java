package dev.gatewatch.probes.resources;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One value to read. Immutable.
 *
 * @param absent what to take where no series is there; without it that is a failure
 */
record ValueSpec(Selector selector, OptionalDouble absent) {
    private static final Key<Selector> SELECT = Key.required(
            "select",
            Selector.TYPE,
            "Selector of series: metric{label=\"x\", other=~\"re.*\"}, within sum(…), max(…), min(…), avg(…) or count(…); sum is"
                    + " understood.");
    private static final Key<Double> ABSENT = Key.optional(
            "absent",
            Numbers.TYPE,
            "Value to take where no series is there, as 0 for errors that are counted from the first one on. Without it a missing"
                    + " series is content_mismatch.");

    private static final SectionType<ValueSpec> SECTION = SectionType.of(
            "value",
            List.of(SELECT, ABSENT),
            s -> new ValueSpec(
                    s.get(SELECT), s.find(ABSENT).map(OptionalDouble::of).orElseGet(OptionalDouble::empty)));

    static final ValueType<ValueSpec> TYPE = new ValueType<>() {
        @Override
        public Optional<ValueSpec> read(Node node, Reading reading) {
            return node instanceof Node.Fields
                    ? SECTION.read(node, reading)
                    : Selector.TYPE.read(node, reading).map(s -> new ValueSpec(s, OptionalDouble.empty()));
        }

        @Override
        public String describe() {
            return Selector.TYPE.describe() + ", or a mapping with select and absent";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("anyOf", List.of(Selector.TYPE.jsonSchema(), SECTION.jsonSchema()));
        }
    };
}
