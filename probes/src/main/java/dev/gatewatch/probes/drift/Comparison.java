package dev.gatewatch.probes.drift;

import com.google.re2j.Pattern;
import dev.gatewatch.probes.drift.Difference.Kind;
import dev.gatewatch.probes.drift.Remembered.Value;
import dev.gatewatch.probes.drift.Rules.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares a document with rules and with a reference. Pure functions of their arguments. */
final class Comparison {
    private final Rules rules;
    private final Shown shown;
    private final List<Difference> found = new ArrayList<>();

    Comparison(Rules rules, Shown shown) {
        this.rules = rules;
        this.shown = shown;
    }

    /** All that was found, the worst first. */
    List<Difference> found() {
        return found.stream().sorted(Difference.ORDER).toList();
    }

    /** Compares with what holds whatever the reference. */
    Comparison rules(Document document) {
        for (Rule rule : rules.forbid()) {
            document.values().forEach((path, value) -> {
                if (rule.path().has(path) && rule.value().map(p -> p.matcher(value).find()).orElse(true)) {
                    add(path, Kind.FORBIDDEN, "is " + shown.of(path, value) + ", which is forbidden"
                            + rule.value().map(p -> " (/" + pattern(path, p) + "/)").orElse(""));
                }
            });
        }
        for (Rule rule : rules.require()) {
            boolean any = false;
            for (Map.Entry<String, String> entry : document.values().entrySet()) {
                String path = entry.getKey();
                if (rule.path().has(path)) {
                    any = true;
                    rule.value()
                            .filter(p -> !p.matcher(entry.getValue()).find())
                            .ifPresent(p -> add(
                                    path,
                                    Kind.REQUIRED,
                                    "is " + shown.of(path, entry.getValue()) + ", expected /" + pattern(path, p) + "/"));
                }
            }
            if (!any) {
                String path = rule.path().text();
                add(path, Kind.REQUIRED, "is missing" + rule.value().map(p -> ", expected /" + pattern(path, p) + "/").orElse(""));
            }
        }
        return this;
    }

    private String pattern(String path, Pattern pattern) {
        return shown.isSecret(path) ? dev.gatewatch.config.Secret.MASK : pattern.toString();
    }

    /**
     * Compares with a reference.
     *
     * @param unlisted whether what the reference does not have is a difference
     */
    Comparison reference(Document document, Document reference, boolean unlisted) {
        var values = new TreeMap<String, Value>();
        reference.values().forEach((path, value) -> values.put(path, new Value(Remembered.digest(shown, value), shown.of(path, value))));
        return reference(document, values, unlisted);
    }

    /** As {@link #reference(Document, Document, boolean)}, with what was seen before. */
    Comparison reference(Document document, Map<String, Value> reference, boolean unlisted) {
        reference.forEach((path, expected) -> {
            if (!rules.counts(path)) {
                return;
            }
            String value = document.values().get(path);
            if (value == null) {
                add(path, Kind.MISSING, "is missing, expected " + expected.shown());
            } else if (!Remembered.digest(shown, value).equals(expected.digest())) {
                add(path, Kind.CHANGED, "is " + shown.of(path, value) + ", expected " + expected.shown());
            }
        });
        if (unlisted) {
            document.values().forEach((path, value) -> {
                if (!reference.containsKey(path)) {
                    add(path, Kind.UNLISTED, "is " + shown.of(path, value) + ", and the reference does not have it");
                }
            });
        }
        return this;
    }

    private void add(String path, Kind kind, String text) {
        found.add(new Difference(path, kind, rules.isVersion(path), text));
    }
}
