package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.rule.Matcher;
import dev.gatewatch.view.AlertView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Routes with what they inherit, ready to be asked. Immutable. */
final class RouteTree {
    private final List<Branch> branches;

    RouteTree(List<Route> routes) {
        this.branches = branches(routes, Grouping.DEFAULT, Optional.empty());
    }

    /**
     * A route that may decide about an alert.
     *
     * @param id the same for the same route of a changed configuration, as far as that can be
     * @param quiet its own quiet hours, else those it inherits
     */
    record Leaf(Route route, String id, Grouping grouping, Optional<QuietHours> quiet) {}

    private record Branch(Leaf leaf, List<Branch> below) {}

    private static List<Branch> branches(List<Route> routes, Grouping inherited, Optional<QuietHours> quiet) {
        return routes.stream()
                .map(route -> {
                    Grouping grouping = route.grouping().over(inherited);
                    Optional<QuietHours> its = route.quiet().or(() -> quiet);
                    var leaf = new Leaf(route, id(route), grouping, its);
                    return new Branch(leaf, branches(route.routes(), grouping, its));
                })
                .toList();
    }

    private static String id(Route route) {
        return Digest.of(route.match().toString(), route.channels().toString()).substring(0, 8);
    }

    /** The routes that decide about an alert, in their order. */
    List<Leaf> leaves(AlertView alert) {
        var leaves = new ArrayList<Leaf>(2);
        collect(branches, alert, leaves);
        return leaves;
    }

    /** Whether any of these took the alert. */
    private static boolean collect(List<Branch> branches, AlertView alert, List<Leaf> leaves) {
        boolean taken = false;
        for (Branch branch : branches) {
            Route route = branch.leaf().route();
            if (!Matcher.all(route.match(), key -> Properties.of(alert, key))) {
                continue;
            }
            boolean below = collect(branch.below(), alert, leaves);
            if (!below && !route.channels().isEmpty()) {
                leaves.add(branch.leaf());
            }
            boolean here = below || !route.channels().isEmpty();
            taken |= here;
            if (here && !route.goesOn()) {
                break;
            }
        }
        return taken;
    }
}
