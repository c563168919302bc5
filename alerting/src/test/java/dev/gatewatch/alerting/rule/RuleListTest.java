package dev.gatewatch.alerting.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.rule.FactBound.Relation;
import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.view.AlertView.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RuleListTest {
    private static final String NONE = "no condition; expected one of failures, degraded, outcome, class, cause, latency, error_rate, fact,"
            + " exhausts, cel, certificate_expires_within, lifetime_left, no_result_for, slo, baseline";

    static Stream<Arguments> conditions() {
        return Stream.of(
                Arguments.of(Map.of("failures", 3), new RunCount(3, 3, false)),
                Arguments.of(Map.of("failures", 3, "of", 5), new RunCount(3, 5, false)),
                Arguments.of(Map.of("degraded", 2, "of", 2), new RunCount(2, 2, true)),
                Arguments.of(
                        Map.of("latency", Map.of("quantile", 0.95, "over", "5m", "above", "800ms")),
                        new SlowRuns(0.95, Duration.ofMinutes(5), Duration.ofMillis(800), 5)),
                Arguments.of(
                        Map.of("latency", Map.of("over", "1h", "above", "2s", "min_runs", 20)),
                        new SlowRuns(0.95, Duration.ofHours(1), Duration.ofSeconds(2), 20)),
                Arguments.of(
                        Map.of("error_rate", Map.of("over", "10m", "above", "5%")),
                        new ErrorRate(Duration.ofMinutes(10), 0.05, 10)),
                Arguments.of(
                        Map.of("certificate_expires_within", List.of("1d", "30d", "7d")),
                        new CertificateExpiry(List.of(Duration.ofDays(30), Duration.ofDays(7), Duration.ofDays(1)))),
                Arguments.of(
                        Map.of("cause", List.of("cert_revoked", "key_exposed")),
                        new CauseSeen(Set.of(Cause.CERT_REVOKED, Cause.KEY_EXPOSED))),
                Arguments.of(Map.of("outcome", "degraded"), new OutcomeSeen(Set.of(Outcome.DEGRADED))),
                Arguments.of(Map.of("outcome", List.of("fail", "degraded")), new OutcomeSeen(Set.of(Outcome.FAIL, Outcome.DEGRADED))),
                Arguments.of(
                        Map.of("class", "network"),
                        new CauseSeen(Arrays.stream(Cause.values())
                                .filter(c -> c.causeClass() == CauseClass.NETWORK)
                                .collect(Collectors.toSet()))),
                Arguments.of(
                        Map.of("fact", Map.of("name", "quota_left", "below", 100)),
                        new FactBound("quota_left", Relation.BELOW, "100", Optional.empty())),
                Arguments.of(
                        Map.of("fact", Map.of("name", "tls_version", "not", "TLSv1.3")),
                        new FactBound("tls_version", Relation.NOT, "TLSv1.3", Optional.empty())),
                Arguments.of(
                        Map.of("fact", Map.of("name", "rtt", "above", 0.2, "over", "5m", "quantile", 0.9, "min_runs", 3)),
                        new FactBound(
                                "rtt",
                                Relation.ABOVE,
                                "0.2",
                                Optional.of(new FactBound.Span(Duration.ofMinutes(5), FactBound.Measure.QUANTILE, 0.9, 3)))),
                Arguments.of(
                        Map.of("fact", Map.of("name", "rtt", "above", 0.2, "over", "5m")),
                        new FactBound(
                                "rtt",
                                Relation.ABOVE,
                                "0.2",
                                Optional.of(new FactBound.Span(Duration.ofMinutes(5), FactBound.Measure.AVG, 1, 5)))),
                Arguments.of(Map.of("lifetime_left", "20%"), new LifetimeLeft(0.2)),
                Arguments.of(Map.of("no_result_for", "5m"), new NoResult(Duration.ofMinutes(5))),
                Arguments.of(
                        Map.of("slo", Map.of("objective", "99.9%")),
                        new Slo(0.999, Duration.ofDays(30), Slo.WORKBOOK, Optional.empty(), 2)),
                Arguments.of(
                        // with 90% at most ten times too fast
                        Map.of("slo", Map.of("objective", "90%", "window", "7d", "latency", "800ms", "min_bad", 5)),
                        new Slo(0.9, Duration.ofDays(7), Slo.WORKBOOK.subList(0, 2), Optional.of(Duration.ofMillis(800)), 5)),
                Arguments.of(
                        Map.of(
                                "slo",
                                Map.of(
                                        "objective",
                                        "99%",
                                        "burn_rates",
                                        List.of(
                                                Map.of("rate", 10, "over", "1h", "and", "5m"),
                                                Map.of("rate", 2, "over", "1d", "and", "2h")))),
                        new Slo(
                                0.99,
                                Duration.ofDays(30),
                                List.of(
                                        new Slo.Burn(2, Duration.ofDays(1), Duration.ofHours(2)),
                                        new Slo.Burn(10, Duration.ofHours(1), Duration.ofMinutes(5))),
                                Optional.empty(),
                                2)));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void eachConditionIsRead(Map<String, Object> when, Condition condition) {
        assertThat(clean(List.of(Map.of("name", "r", "when", when))).getFirst().when()).isEqualTo(condition);
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Rule rule = clean(List.of(Map.of("name", "down", "when", Map.of("failures", 1)))).getFirst();

        assertThat(rule.selector()).isEmpty();
        assertThat(rule.severity()).isEqualTo(Severity.WARNING);
        assertThat(rule.holdFor()).isZero();
        assertThat(rule.keepFiringFor()).isZero();
        assertThat(rule.labels()).isEmpty();
    }

    @Test
    void everythingWrittenIsKept() {
        Rule rule = clean(List.of(Map.of(
                        "name", "down",
                        "probes", Map.of("service", List.of("payments", "orders"), "region", "~eu.*"),
                        "when", Map.of("failures", 1),
                        "for", "1m",
                        "keep_firing_for", "5m",
                        "severity", "critical",
                        "labels", Map.of("team", "core"),
                        "annotations", Map.of("runbook_url", "https://runbooks.example/down"))))
                .getFirst();

        assertThat(rule.holdFor()).isEqualTo(Duration.ofMinutes(1));
        assertThat(rule.keepFiringFor()).isEqualTo(Duration.ofMinutes(5));
        assertThat(rule.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(rule.labels()).containsEntry("team", "core");
        assertThat(rule.annotations()).containsEntry("runbook_url", "https://runbooks.example/down");
        assertThat(Matcher.all(rule.selector(), Map.of("service", "orders", "region", "eu-west")::get)).isTrue();
        assertThat(Matcher.all(rule.selector(), Map.of("service", "orders", "region", "my-eu")::get)).isFalse();
        assertThat(Matcher.all(rule.selector(), Map.of("service", "other", "region", "eu")::get)).isFalse();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        Map.of("failures", 3, "of", 2),
                        "[0].when.of: 3 of the last 2 runs can never be; \"of\" has to be at least 3"),
                mistake(
                        Map.of("failures", 3, "error_rate", Map.of("over", "10m", "above", "5%")),
                        "[0].when.error_rate: a rule has one condition, here are 2 (failures, error_rate); write a rule for each"),
                mistake(
                        Map.of(),
                        "[0].when: " + NONE),
                mistake(
                        Map.of("of", 3),
                        "[0].when.of: " + NONE),
                mistake(
                        Map.of("of", 3, "cause", "cert_revoked"), "[0].when.of: \"of\" goes with failures or degraded only"),
                mistake(Map.of("failure", 3), "[0].when.failure: unknown key \"failure\"; did you mean \"failures\"?"),
                mistake(
                        Map.of("failures", 0),
                        "[0].when.failures: expected a whole number from 1 to 1000, found \"0\""),
                mistake(
                        Map.of("latency", Map.of("quantile", 95, "over", "5m", "above", "1s")),
                        "[0].when.latency.quantile: expected a number from 0.01 to 1.0, found \"95\""),
                mistake(
                        Map.of("fact", Map.of("name", "x")),
                        "[0].when.fact.name: a bound is exactly one of above, below, equals, not; here are none"),
                mistake(
                        Map.of("fact", Map.of("name", "x", "above", 1, "below", 2)),
                        "[0].when.fact.below: a bound is exactly one of above, below, equals, not; here are 2"),
                mistake(
                        Map.of("fact", Map.of("name", "x", "equals", "a", "over", "5m")),
                        "[0].when.fact.over: values over a time can be above or below a number only"),
                mistake(
                        Map.of("fact", Map.of("name", "x", "above", 1, "measure", "max")),
                        "[0].when.fact.measure: \"measure\" goes with over only"),
                mistake(
                        Map.of("fact", Map.of("name", "x", "above", "much")),
                        "[0].when.fact.above: expected a number, found \"much\""),
                mistake(
                        Map.of("cel", "outcom == \"fail\""),
                        "[0].when.cel: not a CEL expression that can be used: there is no outcom; did you mean \"outcome\"?"),
                mistake(
                        Map.of("cel", "latency_ms + 1.0"),
                        "[0].when.cel: not a CEL expression that can be used: it is of type double, expected true or false"),
                mistake(
                        Map.of("slo", Map.of("objective", "100%")),
                        "[0].when.slo.objective: an objective is between 0% and 100%: with 100% there is no budget to burn"),
                mistake(
                        Map.of("slo", Map.of("objective", "95%", "burn_rates", List.of(Map.of("rate", 30, "over", "1h", "and", "5m")))),
                        "[0].when.slo.burn_rates: a burn rate of 30 can never be: with this objective it is at most 20"),
                mistake(
                        Map.of("slo", Map.of("objective", "99%", "burn_rates", List.of(Map.of("rate", 2, "over", "5m", "and", "1h")))),
                        "[0].when.slo.burn_rates: \"and\" is the short window: it has to be at most 5m"),
                mistake(
                        Map.of("outcome", "broken"),
                        "[0].when.outcome: expected one of fail, degraded, found \"broken\""),
                mistake(
                        Map.of("certificate_expires_within", List.of("7d", "7d")),
                        "[0].when.certificate_expires_within: a value stands twice"));
    }

    private static Arguments mistake(Map<String, Object> when, String problem) {
        return Arguments.of(when, problem);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeInAConditionIsNamed(Map<String, Object> when, String problem) {
        assertThat(problems(List.of(Map.of("name", "r", "when", when)))).containsExactly(problem);
    }

    @Test
    void aCauseOfOurOwnSideIsRefused() {
        assertThat(problems(List.of(Map.of("name", "r", "when", Map.of("cause", "internal_error")))))
                .singleElement()
                .asString()
                .startsWith("[0].when.cause: expected one of request_invalid,");
    }

    @Test
    void allMistakesAreToldAtOnceAndDuplicatesWithTheFirstPlace() {
        var problems = problems(List.of(
                Map.of("name", "a", "when", Map.of("failures", 0)),
                Map.of("name", "a", "when", Map.of("failures", 1), "severity", "loud"),
                Map.of("name", "b", "when", Map.of("failures", 1), "labels", Map.of("severity", "x"))));

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "[0].when.failures: expected a whole number from 1 to 1000, found \"0\"",
                        "[1].severity: expected one of info, warning, critical, found \"loud\"",
                        "[1].name: a rule named \"a\" stands already at test.yml",
                        "[2].labels: every alert has a \"severity\" of its own; choose another label");
    }

    @Test
    void aPlaceThatNothingFillsIsNamed() {
        assertThat(problems(List.of(Map.of(
                        "name", "r",
                        "when", Map.of("failures", 1),
                        "labels", Map.of("team", "$(labels.team)", "what", "$(caus)"),
                        "annotations", Map.of("summary", "$$(kept) $(probe", "more", "$(facts.rtt) $(nothing)")))))
                .containsExactlyInAnyOrder(
                        "[0].labels: what: there is no $(caus); did you mean \"cause\"?",
                        "[0].annotations: summary: \"$(probe\" has no end; write $$( for a plain \"$(\"",
                        "[0].annotations: more: there is no $(nothing); known are rule, severity, probe, region, location, type,"
                                + " target, cause, class, message, value, labels.NAME and facts.NAME");
    }

    @Test
    void nothingConfirmsThatThereAreNoRuns() {
        assertThat(problems(List.of(Map.of("name", "r", "when", Map.of("no_result_for", "5m"), "confirm", 2))))
                .containsExactly("[0].confirm: a run cannot confirm that there is none; leave confirm out");
    }

    @Test
    void aBrokenExpressionIsNamed() {
        assertThat(problems(List.of(
                        Map.of("name", "r", "when", Map.of("failures", 1), "probes", Map.of("service", "~pay(")))))
                .singleElement()
                .asString()
                .startsWith("[0].probes.service: not a regular expression (RE2 syntax):");
    }

    private static List<Rule> clean(Object rules) {
        var problems = new Problems();
        var read = Rule.LIST.read(Sections.node("", rules), new Reading(problems, Path.of("")));
        assertThat(problems.list()).isEmpty();
        return read.orElseThrow();
    }

    private static List<String> problems(Object rules) {
        var problems = new Problems();
        assertThat(Rule.LIST.read(Sections.node("", rules), new Reading(problems, Path.of("")))).isEmpty();
        return problems.list().stream().map(RuleListTest::line).toList();
    }

    private static String line(Problem problem) {
        return problem.path() + ": " + problem.message() + problem.suggestion().map(s -> "; " + s).orElse("");
    }
}
