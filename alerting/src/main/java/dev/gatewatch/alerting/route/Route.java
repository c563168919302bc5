package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.rule.Matcher;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.view.AlertView;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
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
 * @param quiet when it keeps quiet, if it says so itself
 * @param escalation in the order of their times
 * @param routes below it
 */
public record Route(
        List<Matcher> match,
        List<String> channels,
        boolean goesOn,
        Partial grouping,
        Optional<QuietHours> quiet,
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
        this(match, channels, goesOn, Partial.NONE, Optional.empty(), List.of(), List.of());
    }

    /** A route that keeps quiet at no time, or when the one above it does. */
    public Route(
            List<Matcher> match,
            List<String> channels,
            boolean goesOn,
            Partial grouping,
            List<Escalation> escalation,
            List<Route> routes) {
        this(match, channels, goesOn, grouping, Optional.empty(), escalation, routes);
    }

    /** What a route says about groups itself. */
    public record Partial(
            Optional<List<String>> by,
            Optional<Duration> patience,
            Optional<Duration> interval,
            Optional<Duration> repeat,
            Optional<Integer> calm) {
        /** It inherits all. */
        public static final Partial NONE =
                new Partial(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        /** It inherits when many groups are a storm. */
        public Partial(
                Optional<List<String>> by, Optional<Duration> patience, Optional<Duration> interval, Optional<Duration> repeat) {
            this(by, patience, interval, repeat, Optional.empty());
        }

        Grouping over(Grouping inherited) {
            return new Grouping(
                    by.orElse(inherited.by()),
                    patience.orElse(inherited.patience()),
                    interval.orElse(inherited.interval()),
                    repeat.orElse(inherited.repeat()),
                    calm.orElse(inherited.calm()));
        }
    }

    /** The value of the {@code routes} key. Names of channels are not known while it is read; {@link #check} looks at them. */
    public static final ValueType<List<Route>> LIST = new RouteList();

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
        new RouteTree(routes).leaves(alert).forEach(leaf -> channels.addAll(leaf.route().channels()));
        return Collections.unmodifiableSequencedSet(channels);
    }

    /**
     * Checks clean routes against the rest of the configuration: names of channels, rules and probes that are not there, and routes that
     * are never reached, or ask for what no alert has.
     *
     * @param node what the routes were read from, in the same order
     * @param labels names of labels that probes and rules have
     */
    public static void check(
            List<Route> routes,
            Node node,
            Collection<String> channels,
            Collection<String> rules,
            Collection<String> probes,
            Collection<String> labels,
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
            check(route.routes, under(at, "routes"), channels, rules, probes, labels, problems);
            route.grouping.by().ifPresent(by -> by.forEach(name -> property(name, labels, under(at, "group_by"), problems)));
            check(route.match, under(at, "match"), rules, probes, labels, problems);
        }
    }

    /** Checks matchers: names of rules and probes that are not there, and labels that nothing has. */
    static void check(
            List<Matcher> match,
            Node at,
            Collection<String> rules,
            Collection<String> probes,
            Collection<String> labels,
            Problems problems) {
        for (Matcher m : match) {
            switch (m.key()) {
                case "rule" -> known("rule", m.values(), rules, at, problems);
                case "probe" -> known("probe", m.values(), probes, at, problems);
                default -> property(m.key(), labels, at, problems);
            }
        }
    }

    private static void property(String name, Collection<String> labels, Node at, Problems problems) {
        if (!Properties.NAMES.contains(name) && !labels.contains(name)) {
            String hint = Suggestions.didYouMean(name, Stream.concat(Properties.NAMES.stream(), labels.stream()).toList())
                    .map(text -> "; " + text)
                    .orElse("");
            problems.warning(at, "no alert has \"" + name + "\": it is no property, and no probe or rule has such a label" + hint);
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

    static Node under(Node at, String key) {
        return at instanceof Node.Fields fields ? fields.fields().getOrDefault(key, at) : at;
    }
}
