package dev.gatewatch.alerting.rule;

import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Result;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * That on which an alert begins: what the places in its labels and annotations are filled with. Immutable.
 *
 * @param value what the condition compared; may be empty
 * @param run the latest one
 */
public record Occasion(Rule rule, ProbeSpec spec, Cause cause, String message, String value, Optional<Result> run) {
    /** A rule's texts with their places filled. */
    public SequencedMap<String, String> fill(SequencedMap<String, String> texts) {
        var filled = new LinkedHashMap<String, String>();
        texts.forEach((name, text) -> filled.put(name, Placeholders.fill(text, this::value)));
        return filled;
    }

    private String value(String name) {
        return switch (name) {
            case "rule" -> rule.name();
            case "severity" -> rule.severity().code();
            case "probe" -> spec.series().probe();
            case "region" -> spec.series().region();
            case "location" -> spec.series().location();
            case "type" -> spec.type().name();
            case "target" -> spec.probe().target();
            case "cause" -> cause.code();
            case "class" -> cause.causeClass().code();
            case "message" -> message;
            case "value" -> value;
            default -> byPrefix(name);
        };
    }

    private String byPrefix(String name) {
        if (name.startsWith("labels.")) {
            return spec.labels().getOrDefault(name.substring("labels.".length()), "");
        }
        return run.map(r -> r.report().facts().get(name.substring("facts.".length())))
                .map(Fact::shown)
                .orElse("");
    }
}
