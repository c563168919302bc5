package dev.gatewatch.alerting.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Series;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RuleCheckTest {
    private static final Plan PLAN = new Plan(List.of(
            Specs.spec(new Series("gateway", "", "dc1"), Map.of("service", "payments"), Duration.ofSeconds(10)),
            Specs.spec(new Series("checkout", "eu", "dc1"), Map.of(), Duration.ofSeconds(30)),
            Specs.spec(new Series("certificate", "", "dc1"), Map.of(), Duration.ofMinutes(10))));

    static Stream<Arguments> rules() {
        var failures = Map.of("failures", 3);
        return Stream.of(
                Arguments.of(Map.of(), failures, List.of()),
                Arguments.of(Map.of("service", "payments"), failures, List.of()),
                Arguments.of(Map.of("name", "checkout", "region", "eu", "location", "dc1", "type", "http"), failures, List.of()),
                Arguments.of(
                        Map.of("name", List.of("gatway", "checkout")),
                        failures,
                        List.of("ERROR rule \"r\": there is no probe \"gatway\"; did you mean \"gateway\"?")),
                Arguments.of(
                        Map.of("service", "payment"),
                        failures,
                        List.of("WARNING rule \"r\" selects no probe, so it watches nothing")),
                Arguments.of(
                        Map.of("name", "~nothing.*"),
                        failures,
                        List.of("WARNING rule \"r\" selects no probe, so it watches nothing")),
                Arguments.of(
                        Map.of(),
                        Map.of("error_rate", Map.of("over", "10m", "above", "5%")),
                        List.of("WARNING rule \"r\" never sees enough runs of certificate, which runs every 10m, to fire for it;"
                                + " lengthen over or lower min_runs")),
                Arguments.of(
                        Map.of("name", "checkout"),
                        Map.of("error_rate", Map.of("over", "5m", "above", "5%")),
                        List.of()),
                Arguments.of(Map.of(), Map.of("fact", Map.of("name", "cert_end", "below", 5)), List.of()),
                Arguments.of(
                        Map.of(),
                        Map.of("fact", Map.of("name", "cert_ende", "below", 5)),
                        List.of("WARNING rule \"r\": none of its probes reports a fact \"cert_ende\"; did you mean \"cert_end\"?")),
                Arguments.of(
                        Map.of(),
                        Map.of("cel", "facts.tls == \"1.3\" && facts[\"cert_end\"] > 5.0 && has(facts.other)"),
                        List.of("WARNING rule \"r\": none of its probes reports a fact \"tls\"; their pages list what they report")),
                Arguments.of(
                        Map.of(),
                        Map.of("lifetime_left", "20%"),
                        List.of("WARNING rule \"r\": none of its probes tells how much of a certificate's lifetime is left")),
                Arguments.of(
                        Map.of("name", "certificate"),
                        Map.of("no_result_for", "5m"),
                        List.of("WARNING rule \"r\" never sees enough runs of certificate, which runs every 10m, to fire for it;"
                                + " lengthen over or lower min_runs")),
                Arguments.of(
                        Map.of("name", "checkout"),
                        Map.of("latency", Map.of("over", "2m", "above", "1s")),
                        List.of("WARNING rule \"r\" never sees enough runs of checkout@eu, which runs every 30s, to fire for it;"
                                + " lengthen over or lower min_runs")));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rulesAreCheckedAgainstTheProbes(Map<String, Object> probes, Map<String, Object> when, List<String> expected) {
        Node node = Sections.node("rules", List.of(Map.of("name", "r", "probes", probes, "when", when)));
        var problems = new Problems();
        List<Rule> rules = Rule.LIST.read(node, new Reading(problems, Path.of(""))).orElseThrow();

        Rule.check(rules, node, PLAN, problems);

        assertThat(problems.list())
                .extracting(p -> p.severity() + " " + p.message() + p.suggestion().map(s -> "; " + s).orElse(""))
                .isEqualTo(expected);
        assertThat(problems.list()).allSatisfy(p -> assertThat(p.path()).isEqualTo("rules[0]"));
    }
}
