package dev.gatewatch.backtest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The findings as JSON. */
public final class FindingsJson {
    private FindingsJson() {}

    /** One object: the history, each configuration with its rules and alerts, and the comparison where there are two. */
    public static String of(Findings findings, Optional<Comparison> comparison) {
        var json = new LinkedHashMap<String, Object>();
        json.put("history", findings.source());
        json.put("from", findings.from().toString());
        json.put("to", findings.to().toString());
        json.put("runs", findings.runs());
        json.put("series", findings.series());
        json.put("seconds", findings.took().toMillis() / 1e3);
        json.put("notes", findings.notes());
        json.put("configurations", findings.sides().stream().map(side -> side(side, findings.to())).toList());
        comparison.ifPresent(c -> json.put("comparison", comparison(c, findings.to())));
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json);
    }

    private static Map<String, Object> side(Findings.Side side, Instant end) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", side.name());
        json.put("count", side.count());
        var rules = new ArrayList<Map<String, Object>>();
        side.rules().forEach(rule -> rules.add(of(
                "rule", rule, "alerts", side.count(rule), "seconds", side.lasted(rule, end).toSeconds())));
        json.put("rules", rules);
        json.put("alerts", alerts(side.alerts(), end));
        return json;
    }

    private static Map<String, Object> comparison(Comparison comparison, Instant end) {
        return of(
                "same", comparison.same(),
                "onlyFirst", alerts(comparison.onlyFirst(), end),
                "onlySecond", alerts(comparison.onlySecond(), end),
                "changed", comparison.changed().stream()
                        .map(pair -> of("first", alert(pair.first(), end), "second", alert(pair.second(), end)))
                        .toList());
    }

    private static List<Map<String, Object>> alerts(List<Happening> alerts, Instant end) {
        return alerts.stream().map(alert -> alert(alert, end)).toList();
    }

    private static Map<String, Object> alert(Happening alert, Instant end) {
        Map<String, Object> json = of(
                "rule", alert.rule(),
                "severity", alert.severity().code(),
                "probe", alert.series().probe(),
                "region", alert.series().region(),
                "location", alert.series().location(),
                "startsAt", alert.startsAt().toString(),
                "firedAt", alert.firedAt().toString());
        alert.endsAt().ifPresent(at -> json.put("endsAt", at.toString()));
        json.put("seconds", alert.lasted(end).toSeconds());
        json.put("cause", alert.cause().code());
        json.put("message", alert.message());
        json.put("flapping", alert.flapping());
        if (!alert.untold().isEmpty()) {
            json.put("untold", alert.untold());
        }
        return json;
    }

    private static Map<String, Object> of(Object... namesAndValues) {
        var json = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            json.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return json;
    }
}
