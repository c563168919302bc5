package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.rule.Matcher;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.view.AlertView;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * Which alerts go to which channels. Of several routes the first that matches decides, unless it says to continue. Immutable.
 *
 * @param match what the alert has to be; empty for every alert
 * @param goesOn whether the routes after this one are asked too ({@code continue})
 */
public record Route(List<Matcher> match, List<String> channels, boolean goesOn) {
    public Route {
        match = List.copyOf(match);
        channels = List.copyOf(channels);
    }

    /** The value of the {@code routes} key. Names of channels are not known while it is read; {@link #check} looks at them. */
    public static final ValueType<List<Route>> LIST = new RouteList();

    /** The channels of an alert, in the order of the routes; empty where no route matches. */
    public static SequencedSet<String> channels(List<Route> routes, AlertView alert) {
        var channels = new LinkedHashSet<String>();
        for (Route route : routes) {
            if (Matcher.all(route.match, key -> property(alert, key))) {
                channels.addAll(route.channels);
                if (!route.goesOn) {
                    break;
                }
            }
        }
        return Collections.unmodifiableSequencedSet(channels);
    }

    private static String property(AlertView alert, String key) {
        return switch (key) {
            case "severity" -> alert.severity().code();
            case "rule" -> alert.rule();
            case "probe" -> alert.series().probe();
            case "type" -> alert.type();
            case "region" -> alert.series().region();
            case "location" -> alert.series().location();
            case "cause" -> alert.cause().code();
            case "class" -> alert.cause().causeClass().code();
            default -> alert.labels().getOrDefault(key, "");
        };
    }

    /**
     * Checks clean routes against the rest of the configuration: names of channels, rules and probes that are not there, and routes that
     * are never reached.
     *
     * @param node what the routes were read from, in the same order
     */
    public static void check(
            List<Route> routes,
            Node node,
            Collection<String> channels,
            Collection<String> rules,
            Collection<String> probes,
            Problems problems) {
        boolean shut = false;
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            Node at = node instanceof Node.Items items && i < items.items().size() ? items.items().get(i) : node;
            if (shut) {
                problems.warning(at, "this route is never reached: an earlier one takes every alert; move it up, or add continue: true there");
            }
            shut |= route.match.isEmpty() && !route.goesOn;
            known("channel", route.channels, channels, under(at, "channels"), problems);
            for (Matcher m : route.match) {
                switch (m.key()) {
                    case "rule" -> known("rule", m.values(), rules, under(at, "match"), problems);
                    case "probe" -> known("probe", m.values(), probes, under(at, "match"), problems);
                    default -> {}
                }
            }
        }
    }

    private static void known(
            String what, List<String> names, Collection<String> known, Node at, Problems problems) {
        for (String name : names) {
            if (!known.contains(name)) {
                problems.error(
                        at,
                        "there is no " + what + " \"" + name + "\"",
                        Suggestions.didYouMean(name, known)
                                .orElse(known.isEmpty() ? "none is configured" : "known: " + String.join(", ", known)));
            }
        }
    }

    private static Node under(Node at, String key) {
        return at instanceof Node.Fields fields ? fields.fields().getOrDefault(key, at) : at;
    }
}
