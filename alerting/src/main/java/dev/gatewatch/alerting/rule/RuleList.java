package dev.gatewatch.alerting.rule;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Place;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.view.AlertView.Severity;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** How rules are written. */
final class RuleList implements ValueType<List<Rule>> {
    private static final Duration DAY = Duration.ofDays(1);

    static final Key<String> NAME = Key.required("name", Types.name(), "What the rule is called in alerts; unique.");
    static final Key<List<Matcher>> PROBES = Key.withDefault(
            "probes",
            Matcher.mapping("a mapping of name, type, region, location or a label to a value or list of values"),
            List.of(),
            "all probes",
            "Which probes the rule watches: `name`, `type`, `region`, `location`, or any label, each with a value, a list of values, or"
                    + " `~regex` (RE2, matches in full). All have to match.");
    static final Key<Condition> WHEN = Key.required("when", ConditionType.WHEN, "The condition: exactly one of the keys listed.");
    static final Key<Duration> FOR = Key.withDefault(
            "for",
            Types.duration(Duration.ZERO, DAY),
            Duration.ZERO,
            "0",
            "How long the condition has to be seen to hold before the alert fires. It is seen by runs, so at least one run that long"
                    + " after the first has to confirm it.");
    static final Key<Integer> CONFIRM = Key.withDefault(
            "confirm",
            Types.integer(0, 10),
            0,
            "0",
            "How many quick re-runs, a second apart, have to see it too before the alert fires. Each is a run like any other and is shown.");
    static final Key<Duration> KEEP = Key.withDefault(
            "keep_firing_for",
            Types.duration(Duration.ZERO, DAY),
            Duration.ZERO,
            "0",
            "How long the alert goes on firing after the condition cleared; trouble within that time is the same alert.");
    static final Key<Boolean> FLAPPING = Key.withDefault(
            "calm_flapping",
            Types.bool(),
            true,
            "true",
            "Whether an alert that fires for the fourth time within an hour goes on until it has been clear for 15 minutes, and says so: then"
                    + " nobody is told of each turn.");
    static final Key<Integer> REGIONS = Key.withDefault(
            "regions",
            Types.integer(1, 100),
            1,
            "1",
            "How many regions of a probe have to be in trouble, or all where there are fewer, before it is said as loud as `severity`: then"
                    + " there is one alert of the probe that names them. A region's own alert is a degree quieter (warning for critical,"
                    + " info for warning). Means nothing for probes without regions.");
    static final Key<Severity> SEVERITY = Key.withDefault(
            "severity", Types.oneOf(Severity.class), Severity.WARNING, "warning", "How loud: info, warning or critical.");
    static final Key<SequencedMap<String, String>> LABELS = Key.withDefault(
            "labels",
            Types.map(Types.text("a label name (letters, digits and '_')", "[a-zA-Z_][a-zA-Z0-9_]{0,99}"), Types.text()),
            new LinkedHashMap<>(),
            "none",
            "Labels of the alerts, laid over the probe's. Places such as `$(cause)` are filled when an alert begins and stay so: see"
                    + " [rules](rules.md#places-in-labels-and-annotations).");
    static final Key<SequencedMap<String, String>> ANNOTATIONS = Key.withDefault(
            "annotations",
            Types.map(Types.text("an annotation name (letters, digits and '_')", "[a-zA-Z_][a-zA-Z0-9_]{0,99}"), Types.text()),
            new LinkedHashMap<>(),
            "none",
            "Texts for people that go with the alerts, such as `summary`, `runbook_url` or `dashboard_url`; with the same places as"
                    + " labels.");

    /** Properties of every alert, which a label must not contradict. */
    private static final List<String> TAKEN =
            List.of("alertname", "severity", "rule", "probe", "type", "target", "region", "location", "cause", "class");

    static final SectionType<Rule> RULE = SectionType.of(
            "rule", List.of(NAME, PROBES, WHEN, FOR, CONFIRM, KEEP, FLAPPING, REGIONS, SEVERITY, LABELS, ANNOTATIONS), RuleList::rule);

    private static final ValueType<List<Rule>> RULES = Types.list(RULE, 0);

    private static Rule rule(Section section) {
        for (String label : section.get(LABELS).keySet()) {
            if (TAKEN.contains(label)) {
                section.problem(LABELS, "every alert has a \"" + label + "\" of its own; choose another label");
            }
        }
        checkPlaces(section, LABELS);
        checkPlaces(section, ANNOTATIONS);
        if (section.get(CONFIRM) > 0 && section.get(WHEN).judgedByTime()) {
            section.problem(CONFIRM, "a run cannot confirm that there is none; leave confirm out");
        }
        return new Rule(
                section.get(NAME),
                section.get(PROBES),
                section.get(WHEN),
                section.get(FOR),
                section.get(CONFIRM),
                section.get(KEEP),
                section.get(FLAPPING),
                section.get(REGIONS),
                section.get(SEVERITY),
                section.get(LABELS),
                section.get(ANNOTATIONS));
    }

    private static void checkPlaces(Section section, Key<SequencedMap<String, String>> key) {
        section.get(key).forEach((name, text) -> Placeholders.problem(text).ifPresent(fault -> section.problem(key, name + ": " + fault)));
    }

    @Override
    public Optional<List<Rule>> read(Node node, Reading reading) {
        int before = reading.problems().errors();
        Optional<List<Rule>> rules = RULES.read(node, reading);
        if (node instanceof Node.Items items) {
            var first = new HashMap<String, Place>();
            for (Node item : items.items()) {
                // looked up in the raw list, so that a rule with another problem is compared too
                if (item instanceof Node.Fields fields && fields.fields().get("name") instanceof Node.Scalar name) {
                    Place earlier = first.putIfAbsent(name.text(), name.place());
                    if (earlier != null) {
                        reading.problems().error(name, "a rule named " + name.shown() + " stands already at " + earlier);
                    }
                }
            }
        }
        return reading.problems().errors() > before ? Optional.empty() : rules;
    }

    @Override
    public String describe() {
        return "list of rules";
    }

    @Override
    public Map<String, Object> jsonSchema() {
        return RULES.jsonSchema();
    }
}
