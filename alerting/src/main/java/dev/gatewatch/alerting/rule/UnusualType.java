package dev.gatewatch.alerting.rule;

import dev.gatewatch.alerting.rule.Unusual.Of;
import dev.gatewatch.alerting.rule.Unusual.Sensitivity;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.util.List;

/** How a deviation from what is usual is written. */
final class UnusualType {
    static final Key<Of> OF = Key.withDefault(
            "of", Types.oneOf(Of.class), Of.LATENCY, "latency", "What is compared: `latency`, `phase`, `fact` or `error_rate`.");
    static final Key<String> NAME =
            Key.optional("name", Types.text("a name", ".{1,200}"), "Which phase or fact, with `of: phase` and `of: fact`.");
    static final Key<Sensitivity> SENSITIVITY = Key.withDefault(
            "sensitivity",
            Types.oneOf(Sensitivity.class),
            Sensitivity.MEDIUM,
            "medium",
            "How soon a deviation is worth an alert: `low`, `medium` or `high`.");

    static final SectionType<Condition> SECTION =
            SectionType.of("baseline", List.of(OF, NAME, SENSITIVITY), UnusualType::read);

    private UnusualType() {}

    private static Condition read(Section section) {
        Of of = section.get(OF);
        boolean named = of == Of.PHASE || of == Of.FACT;
        if (named != section.has(NAME)) {
            section.problem(NAME, named ? "which one? write its name" : "\"name\" goes with of: phase and of: fact only");
        }
        return new Unusual(of, section.find(NAME).orElse(""), section.get(SENSITIVITY));
    }
}
