package dev.gatewatch.daemon;

import dev.gatewatch.alerting.delivery.ChannelSpec;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.CertificateExpiry;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Place;
import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problem.Severity;
import dev.gatewatch.config.Problems;
import dev.gatewatch.engine.ConfiguredProbes;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Checks the parts of a configuration against each other. Parts with problems of their own are left out, except for the names in them:
 * who mistypes one probe should not hear that a rule names it in vain.
 */
final class CrossChecks {
    /** What a probe type reports when it sees certificates. */
    private static final String EXPIRY_METRIC = "probe_ssl_earliest_cert_expiry";

    private final RootSection root;
    private final Place start;
    private final Problems problems;

    CrossChecks(RootSection root, Place start, Problems problems) {
        this.root = root;
        this.start = start;
        this.problems = problems;
    }

    void run() {
        Optional<ConfiguredProbes> probes = root.probes.value();
        Optional<List<Rule>> rules = root.rules.value();
        Optional<List<Route>> routes = root.routes.value();
        if (probes.isPresent() && rules.isPresent() && root.rules.node().isPresent()) {
            Rule.check(rules.get(), root.rules.node().get(), new Plan(probes.get().all()), problems);
            expiryWithoutCertificates(rules.get(), probes.get());
        }
        if (routes.isPresent() && root.routes.node().isPresent()) {
            Route.check(
                    routes.get(),
                    root.routes.node().get(),
                    names(root.channels),
                    names(root.rules),
                    names(root.probes),
                    labels(probes, rules),
                    problems);
        }
        if (root.maintenance.value().isPresent() && root.maintenance.node().isPresent()) {
            root.maintenance
                    .value()
                    .get()
                    .check(
                            root.maintenance.node().get(),
                            names(root.rules),
                            names(root.probes),
                            labels(probes, rules),
                            problems);
        }
        if (probes.isPresent() && probes.get().all().isEmpty()) {
            warn("probes", root.probes, "there are no probes, so nothing is watched");
        }
        if (rules.isPresent() && routes.isPresent()) {
            if (!rules.get().isEmpty() && routes.get().isEmpty()) {
                warn("routes", root.routes, "there are rules and no routes, so nobody is told of an alert");
            } else {
                root.channels.value().ifPresent(channels -> unused(channels, routes.get()));
            }
        }
    }

    private void expiryWithoutCertificates(List<Rule> rules, ConfiguredProbes probes) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            List<ProbeSpec> watched = probes.all().stream().filter(rule::selects).toList();
            boolean blind = watched.stream()
                    .flatMap(spec -> spec.type().facts().stream())
                    .noneMatch(fact -> fact.metric().equals(Optional.of(EXPIRY_METRIC)));
            if (rule.when() instanceof CertificateExpiry
                    && !watched.isEmpty()
                    && blind
                    && root.rules.node().orElse(null) instanceof Node.Items items) {
                problems.warning(
                        items.items().get(i),
                        "rule \"" + rule.name() + "\" never fires: none of the probes it watches sees a certificate");
            }
        }
    }

    private void unused(List<ChannelSpec> channels, List<Route> routes) {
        Set<String> used = routes.stream().flatMap(Route::named).collect(Collectors.toSet());
        for (int i = 0; i < channels.size(); i++) {
            String name = channels.get(i).name();
            if (!used.contains(name) && root.channels.node().orElse(null) instanceof Node.Items items) {
                problems.warning(items.items().get(i), "no route leads to the channel \"" + name + "\"");
            }
        }
    }

    /** Names of labels that alerts may have. */
    private static Set<String> labels(Optional<ConfiguredProbes> probes, Optional<List<Rule>> rules) {
        var labels = new TreeSet<String>();
        probes.ifPresent(all -> all.all().forEach(spec -> labels.addAll(spec.labels().keySet())));
        rules.ifPresent(all -> all.forEach(rule -> labels.addAll(rule.labels().keySet())));
        return labels;
    }

    private void warn(String path, Part<?> part, String message) {
        Place place = part.node().map(Node::place).orElse(start);
        problems.add(new Problem(Severity.WARNING, place, path, message, Optional.empty()));
    }

    private static Set<String> names(Part<?> list) {
        var names = new TreeSet<String>();
        if (list.node().orElse(null) instanceof Node.Items items) {
            for (Node item : items.items()) {
                if (item instanceof Node.Fields fields && fields.fields().get("name") instanceof Node.Scalar name) {
                    names.add(name.text());
                }
            }
        }
        return names;
    }
}
