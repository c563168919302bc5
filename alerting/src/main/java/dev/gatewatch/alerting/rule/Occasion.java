package dev.gatewatch.alerting.rule;

import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView.Severity;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * That on which an alert begins: what the places in its labels and annotations are filled with. Immutable.
 *
 * @param series what the alert is about; without a region where it is about all regions of the probe
 * @param value what the condition compared; may be empty
 * @param run the latest one
 */
public record Occasion(
        Rule rule,
        ProbeSpec spec,
        Series series,
        Severity severity,
        Cause cause,
        String message,
        String value,
        Optional<Result> run) {
    /** A rule's texts with their places filled. */
    public SequencedMap<String, String> fill(SequencedMap<String, String> texts) {
        var filled = new LinkedHashMap<String, String>();
        texts.forEach((name, text) -> filled.put(name, Placeholders.fill(text, this::value)));
        return filled;
    }

    private String value(String name) {
        return switch (name) {
            case "rule" -> rule.name();
            case "severity" -> severity.code();
            case "probe" -> series.probe();
            case "region" -> series.region();
            case "location" -> series.location();
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
