package dev.gatewatch.alerting.rule;

import dev.gatewatch.baseline.Quantity;
import dev.gatewatch.baseline.Quantity.Kind;
import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.view.AlertView.Severity;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * On what condition which series are in trouble, and how loud to say it. Immutable.
 *
 * @param name unique; part of an alert's identity
 * @param selector which series; empty for all
 * @param holdFor how long the condition has to be seen to hold before the alert fires ({@code for})
 * @param confirm how many quick re-runs have to see it too before the alert fires
 * @param keepFiringFor how long the alert goes on firing after the condition cleared
 * @param calmsFlapping whether an alert that comes and goes is told of less: see {@code flapping}
 * @param regions how many regions of a probe have to be in trouble before it is said as loud as the severity
 * @param labels laid over the probe's
 * @param annotations for people: {@code summary}, {@code runbook_url}, {@code dashboard_url} …
 */
public record Rule(
        String name,
        List<Matcher> selector,
        Condition when,
        Duration holdFor,
        int confirm,
        Duration keepFiringFor,
        boolean calmsFlapping,
        int regions,
        Severity severity,
        SequencedMap<String, String> labels,
        SequencedMap<String, String> annotations) {
    public Rule {
        selector = List.copyOf(selector);
        labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
        annotations = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(annotations));
    }

    /** A rule that nothing confirms. */
    public Rule(
            String name,
            List<Matcher> selector,
            Condition when,
            Duration holdFor,
            Duration keepFiringFor,
            Severity severity,
            SequencedMap<String, String> labels,
            SequencedMap<String, String> annotations) {
        this(name, selector, when, holdFor, 0, keepFiringFor, true, 1, severity, labels, annotations);
    }

    /** The value of the {@code rules} key. */
    public static final ValueType<List<Rule>> LIST = new RuleList();

    /** Whether the rule watches this series. */
    public boolean selects(ProbeSpec spec) {
        return Matcher.all(selector, key -> property(spec, key));
    }

    /** What has to be learnt of a series, so that these rules can ask for it. */
    public static Set<Quantity> learnt(List<Rule> rules, ProbeSpec spec) {
        return rules.stream()
                .filter(rule -> rule.when().learnt().isPresent() && rule.selects(spec))
                .flatMap(rule -> rule.when().learnt().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String property(ProbeSpec spec, String key) {
        return switch (key) {
            case "name" -> spec.series().probe();
            case "type" -> spec.type().name();
            case "region" -> spec.series().region();
            case "location" -> spec.series().location();
            default -> spec.labels().getOrDefault(key, "");
        };
    }

    /**
     * Checks clean rules against the probes: names that no probe has, rules that watch nothing, and conditions that can never hold.
     *
     * @param node what the rules were read from, in the same order
     */
    public static void check(List<Rule> rules, Node node, Plan plan, Problems problems) {
        for (int i = 0; i < rules.size(); i++) {
            Node at = node instanceof Node.Items items && i < items.items().size() ? items.items().get(i) : node;
            rules.get(i).check(at, plan, problems);
        }
    }

    private void check(Node at, Plan plan, Problems problems) {
        var names = new TreeSet<String>();
        plan.probes().keySet().forEach(s -> names.add(s.probe()));
        boolean dangling = false;
        for (Matcher m : selector) {
            for (String value : m.values()) {
                if (m.key().equals("name") && !names.contains(value)) {
                    dangling = true;
                    problems.error(
                            at,
                            "rule \"" + name + "\": there is no probe \"" + value + "\"",
                            Suggestions.didYouMean(value, names).orElse("see the names under probes"));
                }
            }
        }
        var selected = plan.probes().values().stream().filter(this::selects).toList();
        if (selected.isEmpty() && !dangling && !plan.probes().isEmpty()) {
            problems.warning(at, "rule \"" + name + "\" selects no probe, so it watches nothing");
        }
        checkFacts(at, selected, problems);
        selected.stream()
                .filter(spec -> !when.fits(spec.interval()))
                .findFirst()
                .ifPresent(spec -> problems.warning(
                        at,
                        "rule \"" + name + "\" never sees enough runs of " + spec.series().display() + ", which runs every "
                                + Durations.format(spec.interval()) + ", to fire for it; lengthen over or lower min_runs"));
    }

    /** Facts that no type of the selected probes reports, and certificates' lifetimes that none tells. */
    private void checkFacts(Node at, List<ProbeSpec> selected, Problems problems) {
        if (selected.isEmpty()) {
            return;
        }
        List<FactSpec> specs = selected.stream()
                .map(spec -> spec.type().facts())
                .distinct()
                .flatMap(List::stream)
                .toList();
        var known = new TreeSet<String>();
        specs.forEach(spec -> {
            known.add(spec.name());
            known.addAll(spec.labelFacts());
        });
        var asked = new TreeSet<>(when.facts());
        Stream.concat(labels.values().stream(), annotations.values().stream())
                .flatMap(text -> Placeholders.names(text).stream())
                .filter(name -> name.startsWith("facts."))
                .forEach(name -> asked.add(name.substring("facts.".length())));
        for (String fact : asked) {
            boolean reported = specs.stream()
                    .anyMatch(spec -> spec.covers(fact) || spec.labelFacts().contains(fact));
            if (!reported) {
                problems.warning(
                        at,
                        "rule \"" + name + "\": none of its probes reports a fact \"" + fact + "\"; "
                                + Suggestions.didYouMean(fact, known).orElse("their pages list what they report"));
            }
        }
        when.learnt()
                .filter(quantity -> quantity.kind() == Kind.PHASE)
                .map(Quantity::name)
                .filter(phase -> selected.stream().noneMatch(spec -> spec.type().phases().contains(phase)))
                .ifPresent(phase -> {
                    var phases = new TreeSet<String>();
                    selected.forEach(spec -> phases.addAll(spec.type().phases()));
                    problems.warning(
                            at,
                            "rule \"" + name + "\": none of its probes has a phase \"" + phase + "\"; "
                                    + Suggestions.didYouMean(phase, phases)
                                            .orElse(phases.isEmpty() ? "they have none" : "they have " + String.join(", ", phases)));
                });
        if (when instanceof LifetimeLeft
                && selected.stream().noneMatch(SeriesFacts::tellsLifetime)) {
            problems.warning(at, "rule \"" + name + "\": none of its probes tells how much of a certificate's lifetime is left");
        }
    }
}
