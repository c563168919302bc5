package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.calendar.Almanac;
import dev.gatewatch.alerting.calendar.Schedule;
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
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
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
    static final Key<SequencedSet<String>> CHANNELS = Key.optional(
            "channels", Types.set(Types.name()), "The channels they go to. May be left out where `routes` below it do the telling.");
    static final Key<List<String>> GROUP_BY = Key.optional(
            "group_by",
            Types.list(Types.text("a property or label name", "[a-zA-Z_][a-zA-Z0-9_]{0,99}"), 0),
            "Alerts that agree in all of these (`rule`, `probe`, `region`, `severity`, `cause`, `class`, `type`, `location` or labels) are told"
                    + " together. Inherited; `[probe]` where no route says it; `[]` makes one group of all.");
    private static final Duration DAY = Duration.ofDays(1);
    static final Key<Duration> WAIT = Key.optional(
            "wait",
            Types.duration(Duration.ZERO, DAY),
            "How long a new group waits for others that come at the same time. Inherited; 0 where no route says it.");
    static final Key<Duration> INTERVAL = Key.optional(
            "interval",
            Types.duration(Duration.ZERO, DAY),
            "At least between two messages about one group; the end of all of it and what got worse are told at once. Inherited; 1m where"
                    + " no route says it.");
    static final Key<Duration> REPEAT = Key.optional(
            "repeat",
            Types.duration(Duration.ofMinutes(1), Duration.ofDays(30)),
            "How often to remind while it goes on and nobody has acknowledged it. Inherited; 4h where no route says it.");
    static final Key<Integer> STORM = Key.optional(
            "storm",
            Types.integer(0, 10_000),
            "How many new groups a minute a channel is told of one by one. More are a storm: one group, told of after 10s and then each minute, in"
                    + " the long run every five, with all alerts named. 0 for no storms, as for programs. Inherited; 10 where no route says it.");
    static final Key<SequencedSet<Severity>> QUIET_SEVERITY = Key.withDefault(
            "severity",
            Types.set(Types.oneOf(Severity.class)),
            new LinkedHashSet<>(List.of(Severity.INFO, Severity.WARNING)),
            "[info, warning]",
            "Which alerts wait until the quiet hours are over: one severity, or a list.");
    static final Key<Schedule> QUIET_WHEN = Key.required("when", Schedule.TYPE, "When it is quiet.");
    static final Key<QuietHours> QUIET = Key.optional(
            "quiet_hours",
            SectionType.of(
                    "quiet_hours",
                    List.of(QUIET_SEVERITY, QUIET_WHEN),
                    s -> new QuietHours(s.get(QUIET_SEVERITY), new Almanac(s.get(QUIET_WHEN)))),
            "When to keep quiet about what is not grave: it is told afterwards, if it still fires. Ends are told at any time. Inherited.");
    static final Key<Duration> AFTER = Key.required(
            "after", Types.duration(Duration.ofSeconds(1), Duration.ofDays(7)), "How long after it fired, where nobody has acknowledged it.");
    static final Key<SequencedSet<String>> STEP_CHANNELS =
            Key.required("channels", Types.set(Types.name()), "Who is told then; they hear its end too.");
    static final Key<List<Escalation>> ESCALATE = Key.withDefault(
            "escalate",
            Types.list(
                    SectionType.of(
                            "step", List.of(AFTER, STEP_CHANNELS), s -> new Escalation(s.get(AFTER), List.copyOf(s.get(STEP_CHANNELS)))),
                    0),
            List.of(),
            "none",
            "Who else is told when it lasts and nobody acknowledges it.");
    static final Key<List<Route>> BELOW = Key.withDefault(
            "routes",
            new Below(),
            List.of(),
            "none",
            "Routes below this one, for alerts that match it: the first that matches decides in its place.");
    static final Key<Boolean> CONTINUE = Key.withDefault(
            "continue",
            Types.bool(),
            false,
            "false",
            "Whether the routes after this one are asked too; otherwise the first that matches decides.");

    static final SectionType<Route> ROUTE =
            SectionType.of("route", List.of(MATCH, CHANNELS, CONTINUE, GROUP_BY, WAIT, INTERVAL, REPEAT, STORM, QUIET, ESCALATE, BELOW), RouteList::route);

    private static final ValueType<List<Route>> ROUTES = Types.list(ROUTE, 0);

    private static final Map<String, List<String>> WORDS = Map.of(
            "severity", Arrays.stream(Severity.values()).map(Severity::code).toList(),
            "cause", Arrays.stream(Cause.values()).map(Cause::code).toList(),
            "class", Arrays.stream(CauseClass.values()).map(CauseClass::code).toList());

    private static Route route(Section section) {
        checkWords(section, MATCH);
        List<String> channels = section.find(CHANNELS).map(List::copyOf).orElse(List.of());
        List<Route> below = section.get(BELOW);
        if (channels.isEmpty() && below.isEmpty()) {
            section.problem(CHANNELS, "a route leads somewhere: name channels, or routes below it");
        }
        if (channels.isEmpty() && !section.get(ESCALATE).isEmpty()) {
            section.problem(ESCALATE, "escalate goes with the route's own channels");
        }
        List<Escalation> steps = section.get(ESCALATE);
        for (int i = 1; i < steps.size(); i++) {
            if (steps.get(i).after().compareTo(steps.get(i - 1).after()) <= 0) {
                section.problem(ESCALATE, "steps follow each other: each comes after a longer time than the one before");
                break;
            }
        }
        return new Route(
                section.get(MATCH),
                channels,
                section.get(CONTINUE),
                new Route.Partial(section.find(GROUP_BY), section.find(WAIT), section.find(INTERVAL), section.find(REPEAT), section.find(STORM)),
                section.find(QUIET),
                steps,
                below);
    }

    /** Tells of values that no alert has. */
    static void checkWords(Section section, Key<List<Matcher>> match) {
        for (Matcher m : section.get(match)) {
            List<String> words = WORDS.get(m.key());
            if (words != null) {
                m.values().stream().filter(v -> !words.contains(v)).forEach(v -> section.problem(match, unknown(m.key(), v, words)));
            }
        }
    }

    private static String unknown(String key, String value, List<String> words) {
        return "no alert has the " + key + " \"" + value + "\"; "
                + Suggestions.didYouMean(value, words)
                        .orElse(words.size() > 10 ? "see the list of causes" : "it is one of " + String.join(", ", words));
    }

    /** The list of routes within a route: read by what it is a part of. */
    private static final class Below implements ValueType<List<Route>> {
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
            // the same shape again; a schema cannot hold itself without a name
            return Map.of("type", "array", "items", Map.of("type", "object"));
        }
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
