package dev.gatewatch.alerting.rule;

import dev.gatewatch.config.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Places for values in a rule's labels and annotations: {@code $(name)}, and {@code $$(} for a plain {@code $(}, as transactions have
 * them. Not braces: YAML takes those for a mapping, and the configuration's reader replaces <code>${…}</code> when it loads. Pure functions.
 */
final class Placeholders {
    /** Values that every alert has. */
    static final List<String> KNOWN = List.of(
            "rule", "severity", "probe", "region", "location", "type", "target", "cause", "class", "message", "value");

    /** Values by name. */
    static final List<String> PREFIXES = List.of("labels.", "facts.");

    private static final Pattern PLACE = Pattern.compile("\\$\\$\\(|\\$\\(([^()]{0,200})\\)?");

    private Placeholders() {}

    /** What is wrong with the places in a text; nothing where all is well. */
    static Optional<String> problem(String text) {
        Matcher place = PLACE.matcher(text);
        while (place.find()) {
            String name = place.group(1);
            if (name == null) {
                continue;
            }
            boolean named = PREFIXES.stream().anyMatch(p -> name.startsWith(p) && name.length() > p.length());
            if (!place.group().endsWith(")")) {
                return Optional.of("\"" + place.group() + "\" has no end; write $$( for a plain \"$(\"");
            }
            if (!KNOWN.contains(name) && !named) {
                return Optional.of("there is no $(" + name + "); "
                        + Suggestions.didYouMean(name, KNOWN)
                                .orElse("known are " + String.join(", ", KNOWN) + ", labels.NAME and facts.NAME"));
            }
        }
        return Optional.empty();
    }

    /** The names of the places. */
    static List<String> names(String text) {
        var names = new ArrayList<String>();
        Matcher place = PLACE.matcher(text);
        while (place.find()) {
            if (place.group(1) != null) {
                names.add(place.group(1));
            }
        }
        return names;
    }

    /** The text with its places filled; a value that is not there is empty. */
    static String fill(String text, Function<String, String> value) {
        if (!text.contains("$(")) {
            return text;
        }
        return PLACE.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(place.group(1) == null ? "$(" : value.apply(place.group(1))));
    }
}
