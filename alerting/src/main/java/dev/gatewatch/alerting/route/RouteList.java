package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.rule.Matcher;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.view.AlertView.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/** How routes are written. */
final class RouteList implements ValueType<List<Route>> {
    static final Key<List<Matcher>> MATCH = Key.withDefault(
            "match",
            Matcher.mapping("a mapping of severity, rule, probe, type, region, location, cause, class or a label to a value or list of values"),
            List.of(),
            "every alert",
            "Which alerts: `severity`, `rule`, `probe`, `type`, `region`, `location`, `cause`, `class`, or any label, each with a value, a"
                    + " list of values, or `~regex` (RE2, matches in full). All have to match.");
    static final Key<SequencedSet<String>> CHANNELS =
            Key.required("channels", Types.set(Types.name()), "The channels they go to.");
    static final Key<Boolean> CONTINUE = Key.withDefault(
            "continue",
            Types.bool(),
            false,
            "false",
            "Whether the routes after this one are asked too; otherwise the first that matches decides.");

    static final SectionType<Route> ROUTE =
            SectionType.of("route", List.of(MATCH, CHANNELS, CONTINUE), RouteList::route);

    private static final ValueType<List<Route>> ROUTES = Types.list(ROUTE, 0);

    private static final Map<String, List<String>> WORDS = Map.of(
            "severity", Arrays.stream(Severity.values()).map(Severity::code).toList(),
            "cause", Arrays.stream(Cause.values()).map(Cause::code).toList(),
            "class", Arrays.stream(CauseClass.values()).map(CauseClass::code).toList());

    private static Route route(Section section) {
        for (Matcher m : section.get(MATCH)) {
            List<String> words = WORDS.get(m.key());
            if (words != null) {
                m.values().stream().filter(v -> !words.contains(v)).forEach(v -> section.problem(MATCH, unknown(m.key(), v, words)));
            }
        }
        return new Route(section.get(MATCH), List.copyOf(section.get(CHANNELS)), section.get(CONTINUE));
    }

    private static String unknown(String key, String value, List<String> words) {
        return "no alert has the " + key + " \"" + value + "\"; "
                + Suggestions.didYouMean(value, words)
                        .orElse(words.size() > 10 ? "see the list of causes" : "it is one of " + String.join(", ", words));
    }

    @Override
    public Optional<List<Route>> read(Node node, Reading reading) {
        return ROUTES.read(node, reading);
    }

    @Override
    public String describe() {
        return "list of routes";
    }

    @Override
    public Map<String, Object> jsonSchema() {
        return ROUTES.jsonSchema();
    }
}
