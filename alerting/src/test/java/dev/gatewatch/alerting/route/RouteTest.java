package dev.gatewatch.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RouteTest {
    private static final AlertView ALERT = new AlertView(
            "id",
            "fingerprint",
            "gateway-down",
            new Series("checkout", "ap", "dc1"),
            "http",
            "https://ap.example",
            Severity.CRITICAL,
            State.FIRING,
            Cause.CONNECT_REFUSED,
            "",
            "",
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty(),
            "",
            new LinkedHashMap<>(Map.of("team", "core", "service", "payments")),
            new LinkedHashMap<>());

    static Stream<Arguments> matches() {
        return Stream.of(
                Arguments.of(Map.of(), true),
                Arguments.of(Map.of("severity", "critical"), true),
                Arguments.of(Map.of("severity", "warning"), false),
                Arguments.of(Map.of("severity", List.of("warning", "critical")), true),
                Arguments.of(Map.of("rule", "gateway-down"), true),
                Arguments.of(Map.of("probe", "checkout"), true),
                Arguments.of(Map.of("type", "dns"), false),
                Arguments.of(Map.of("region", "ap"), true),
                Arguments.of(Map.of("location", "dc2"), false),
                Arguments.of(Map.of("cause", "connect_refused"), true),
                Arguments.of(Map.of("class", "network"), true),
                Arguments.of(Map.of("class", "capacity"), false),
                Arguments.of(Map.of("team", "core"), true),
                Arguments.of(Map.of("team", "core", "service", "orders"), false),
                Arguments.of(Map.of("rule", "~gateway-.*"), true),
                Arguments.of(Map.of("rule", "~gateway"), false),
                Arguments.of(Map.of("rule", List.of("other", "~.*down")), true),
                Arguments.of(Map.of("absent", "x"), false),
                Arguments.of(Map.of("absent", ""), true),
                Arguments.of(Map.of("team", ""), false));
    }

    @ParameterizedTest
    @MethodSource("matches")
    void aRouteTakesAlertsThatMatchInAllProperties(Map<String, Object> match, boolean takes) {
        var routes = clean(List.of(Map.of("match", match, "channels", List.of("ops"))));

        assertThat(Route.channels(routes, ALERT)).isEqualTo(takes ? Set.of("ops") : Set.of());
    }

    @Test
    void theFirstRouteThatMatchesDecidesUnlessItSaysToContinue() {
        var routes = clean(List.of(
                Map.of("match", Map.of("severity", "info"), "channels", "never"),
                Map.of("match", Map.of("team", "core"), "channels", List.of("am", "ops"), "continue", true),
                Map.of("match", Map.of("severity", "critical"), "channels", List.of("pager", "am")),
                Map.of("channels", "rest")));

        assertThat(Route.channels(routes, ALERT)).containsExactly("am", "ops", "pager");
    }

    @Test
    void wordsThatNoAlertHasAreNamed() {
        var problems = new Problems();
        Route.LIST.read(
                Sections.node(
                        "routes",
                        List.of(
                                Map.of("match", Map.of("severity", "critcal"), "channels", "a"),
                                Map.of("match", Map.of("class", "wires"), "channels", "a"),
                                Map.of("match", Map.of("cause", "connect_refussed"), "channels", "a"),
                                Map.of("match", Map.of("cause", "~connect_.*"), "channels", List.of("a", "a")))),
                new Reading(problems, Path.of("")));

        assertThat(problems.list())
                .extracting(p -> p.path() + ": " + p.message())
                .containsExactlyInAnyOrder(
                        "routes[0].match: no alert has the severity \"critcal\"; did you mean \"critical\"?",
                        "routes[1].match: no alert has the class \"wires\"; it is one of request, environment, identity, network,"
                                + " capacity, own_side",
                        "routes[2].match: no alert has the cause \"connect_refussed\"; did you mean \"connect_refused\"?",
                        "routes[3].channels: a value stands twice");
    }

    @Test
    void danglingNamesAndRoutesOutOfReachAreTold() {
        Node node = Sections.node(
                "routes",
                List.of(
                        Map.of("match", Map.of("rule", "gateway-dwn", "probe", "checkout"), "channels", List.of("ops", "opps")),
                        Map.of("channels", "am"),
                        Map.of("match", Map.of("team", "core"), "channels", "ops")));
        var problems = new Problems();
        var routes = Route.LIST.read(node, new Reading(problems, Path.of(""))).orElseThrow();

        Route.check(routes, node, List.of("ops", "am"), List.of("gateway-down"), List.of("checkout"), List.of("team"), problems);

        assertThat(problems.list())
                .extracting(p -> p.severity() + " " + p.path() + ": " + p.message() + p.suggestion().map(s -> "; " + s).orElse(""))
                .containsExactlyInAnyOrder(
                        "ERROR routes[0].channels: there is no channel \"opps\"; did you mean \"ops\"?",
                        "ERROR routes[0].match: there is no rule \"gateway-dwn\"; did you mean \"gateway-down\"?",
                        "WARNING routes[2]: this route is never reached: an earlier one takes every alert; move it up, or add"
                                + " continue: true there");
    }

    private static List<Route> clean(Object routes) {
        var problems = new Problems();
        var read = Route.LIST.read(Sections.node("routes", routes), new Reading(problems, Path.of("")));
        assertThat(problems.list()).extracting(Problem::toString).isEmpty();
        return read.orElseThrow();
    }
}
