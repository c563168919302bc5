package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.calendar.Almanac;
import dev.gatewatch.alerting.calendar.Interval;
import dev.gatewatch.alerting.rule.Matcher;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import dev.gatewatch.view.MaintenanceView;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Configured maintenance windows. Safe for many threads; never changes. */
public final class Maintenance implements Restraint {
    /** None. */
    public static final Maintenance NONE = new Maintenance(List.of());

    /** The value of the {@code maintenance} key. */
    public static final ValueType<Maintenance> LIST = new MaintenanceList();

    /** What an alert has and a run has not. */
    private static final Set<String> OF_ALERTS = Set.of("severity", "rule", "cause", "class");

    private final List<Window> windows;

    /**
     * One kind of work that comes again.
     *
     * @param match which alerts it holds back; empty for all
     */
    record Window(String name, List<Matcher> match, Almanac when) {
        Window {
            match = List.copyOf(match);
        }
    }

    Maintenance(List<Window> windows) {
        this.windows = List.copyOf(windows);
    }

    @Override
    public Optional<HeldBack> on(AlertView alert, Instant now) {
        for (Window window : windows) {
            if (window.when().at(now).isPresent() && Matcher.all(window.match(), key -> Properties.of(alert, key))) {
                return Optional.of(new HeldBack(Reason.MAINTENANCE, window.name()));
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a probe's runs at this time say nothing of how it usually does: baselines do not learn them, SLOs do not count them. Windows
     * for certain alerts only (by severity, rule, cause or class) do not count.
     */
    public boolean covers(ProbeSpec probe, Instant at) {
        return windows.stream()
                .filter(window -> window.match().stream().noneMatch(m -> OF_ALERTS.contains(m.key())))
                .anyMatch(window -> window.when().at(at).isPresent() && Matcher.all(window.match(), key -> property(probe, key)));
    }

    private static String property(ProbeSpec probe, String key) {
        return switch (key) {
            case "probe" -> probe.series().probe();
            case "type" -> probe.type().name();
            case "region" -> probe.series().region();
            case "location" -> probe.series().location();
            default -> probe.labels().getOrDefault(key, "");
        };
    }

    /** The windows as they stand, in the order of the configuration. */
    public List<MaintenanceView> views(Instant now) {
        return windows.stream()
                .map(window -> new MaintenanceView(
                        window.name(),
                        window.match().isEmpty()
                                ? "all alerts"
                                : window.match().stream().map(Maintenance::display).collect(Collectors.joining(", ")),
                        window.when().schedule().display(),
                        window.when().at(now).map(Interval::end),
                        window.when().schedule().next(now)))
                .toList();
    }

    private static String display(Matcher m) {
        var accepted = new java.util.ArrayList<>(m.values());
        m.patterns().forEach(pattern -> accepted.add("~" + pattern.pattern()));
        return m.key() + "=" + String.join("|", accepted);
    }

    /**
     * Checks clean windows against the rest of the configuration.
     *
     * @param node what they were read from, in the same order
     * @param labels names of labels that probes and rules have
     */
    public void check(
            Node node, Collection<String> rules, Collection<String> probes, Collection<String> labels, Problems problems) {
        for (int i = 0; i < windows.size(); i++) {
            Node at = node instanceof Node.Items items && i < items.items().size() ? items.items().get(i) : node;
            Route.check(windows.get(i).match(), Route.under(at, "match"), rules, probes, labels, problems);
        }
    }
}
