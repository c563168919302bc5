package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.calendar.Almanac;
import dev.gatewatch.alerting.calendar.Schedule;
import dev.gatewatch.alerting.rule.Matcher;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Place;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How maintenance windows are written. */
final class MaintenanceList implements ValueType<Maintenance> {
    static final Key<String> NAME = Key.required("name", Types.name(), "What people are told is going on; unique.");
    static final Key<List<Matcher>> MATCH = Key.withDefault(
            "match",
            Matcher.mapping("a mapping of severity, rule, probe, type, region, location, cause, class or a label to a value or list of values"),
            List.of(),
            "every alert",
            "Which alerts are held back, as in `routes`.");
    static final Key<Schedule> WHEN = Key.required(
            "when",
            Schedule.TYPE,
            "When: `from` and `to`, `hours` and `days`, `cron` or `rrule`, in a `time_zone`. Alerts that still fire afterwards are told then; ends"
                    + " are told at any time.");

    static final SectionType<Maintenance.Window> WINDOW =
            SectionType.of("maintenance", List.of(NAME, MATCH, WHEN), MaintenanceList::window);

    private static final ValueType<List<Maintenance.Window>> WINDOWS = Types.list(WINDOW, 0);

    private static Maintenance.Window window(Section section) {
        RouteList.checkWords(section, MATCH);
        return new Maintenance.Window(section.get(NAME), section.get(MATCH), new Almanac(section.get(WHEN)));
    }

    @Override
    public Optional<Maintenance> read(Node node, Reading reading) {
        int before = reading.problems().errors();
        Optional<List<Maintenance.Window>> windows = WINDOWS.read(node, reading);
        if (node instanceof Node.Items items) {
            var first = new HashMap<String, Place>();
            for (Node item : items.items()) {
                if (item instanceof Node.Fields fields && fields.fields().get("name") instanceof Node.Scalar name) {
                    Place earlier = first.putIfAbsent(name.text(), name.place());
                    if (earlier != null) {
                        reading.problems().error(name, "a maintenance window named " + name.shown() + " stands already at " + earlier);
                    }
                }
            }
        }
        return reading.problems().errors() > before ? Optional.empty() : windows.map(Maintenance::new);
    }

    @Override
    public String describe() {
        return "list of maintenance windows";
    }

    @Override
    public Map<String, Object> jsonSchema() {
        return WINDOWS.jsonSchema();
    }
}
