package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.rule.Matcher;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.view.AlertView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;

/**
 * Which alerts go to which channels: a tree. Of several routes the first that matches decides, unless it says to continue; within it its own
 * routes are asked first, and where none of them matches it decides itself. Immutable.
 *
 * @param match what the alert has to be; empty for every alert
 * @param channels may be empty for a route that only has others below it
 * @param goesOn whether the routes after this one are asked too ({@code continue})
 * @param grouping what it says about groups; the rest is inherited
 * @param routes below it
 */
public record Route(
        List<Matcher> match,
        List<String> channels,
        boolean goesOn,
        Partial grouping,
        List<Escalation> escalation,
        List<Route> routes) {
    public Route {
        match = List.copyOf(match);
        channels = List.copyOf(channels);
        escalation = List.copyOf(escalation);
        routes = List.copyOf(routes);
    }

    /** A route without others below it, that says nothing about groups. */
    public Route(List<Matcher> match, List<String> channels, boolean goesOn) {
        this(match, channels, goesOn, Partial.NONE, List.of(), List.of());
    }

    /** What a route says about groups itself. */
    public record Partial(
            Optional<List<String>> by, Optional<Duration> patience, Optional<Duration> interval, Optional<Duration> repeat) {
        /** It inherits all. */
        public static final Partial NONE =
                new Partial(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        Grouping over(Grouping inherited) {
            return new Grouping(
                    by.orElse(inherited.by()),
                    patience.orElse(inherited.patience()),
                    interval.orElse(inherited.interval()),
                    repeat.orElse(inherited.repeat()));
        }
    }

    /**
     * A route that decides about an alert.
     *
     * @param id the same for the same route of a changed configuration, as far as that can be
     * @param grouping all of it
     */
    record Leaf(Route route, String id, Grouping grouping) {}

    /** The value of the {@code routes} key. Names of channels are not known while it is read; {@link #check} looks at them. */
    public static final ValueType<List<Route>> LIST = new RouteList();

    /** Those that decide about an alert, in their order. */
    static List<Leaf> leaves(List<Route> routes, AlertView alert) {
        var leaves = new ArrayList<Leaf>();
        collect(routes, alert, Grouping.DEFAULT, leaves);
        return leaves;
    }

    private static boolean collect(List<Route> routes, AlertView alert, Grouping inherited, List<Leaf> leaves) {
        boolean any = false;
        for (Route route : routes) {
            if (!Matcher.all(route.match, key -> Properties.of(alert, key))) {
                continue;
            }
            Grouping grouping = route.grouping.over(inherited);
            boolean below = collect(route.routes, alert, grouping, leaves);
            if (!below && !route.channels.isEmpty()) {
                leaves.add(new Leaf(route, route.id(), grouping));
            }
            any |= below || !route.channels.isEmpty();
            if (any && !route.goesOn) {
                break;
            }
        }
        return any;
    }

    private String id() {
        return HexFormat.of().toHexDigits(Objects.hash(match.toString(), channels.toString()));
    }

    /** Whether it tells a channel, now or later. */
    boolean reaches(String channel) {
        return channels.contains(channel) || escalation.stream().anyMatch(e -> e.channels().contains(channel));
    }

    /** Every channel that this route or one below it names. */
    public Stream<String> named() {
        return Stream.concat(
                Stream.concat(channels.stream(), escalation.stream().flatMap(e -> e.channels().stream())),
                routes.stream().flatMap(Route::named));
    }

    /** The channels that are told of an alert at once, in the order of the routes; empty where no route matches. */
    public static SequencedSet<String> channels(List<Route> routes, AlertView alert) {
        var channels = new LinkedHashSet<String>();
        leaves(routes, alert).forEach(leaf -> channels.addAll(leaf.route().channels()));
        return Collections.unmodifiableSequencedSet(channels);
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
            known("channel", route.escalation.stream().flatMap(e -> e.channels().stream()).toList(), channels, under(at, "escalate"), problems);
            check(route.routes, under(at, "routes"), channels, rules, probes, problems);
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
