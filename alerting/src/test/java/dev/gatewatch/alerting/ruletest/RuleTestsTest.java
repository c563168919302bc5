package dev.gatewatch.alerting.ruletest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleTestsTest {
    private static final String RULES =
            """
            rules:
              - {name: down, when: {failures: 3}, severity: critical, labels: {owner: "$(labels.team)"}}
              - {name: flaky, when: {failures: 3, of: 5}}
              - {name: silent, when: {no_result_for: 1m}}
              - {name: quota, when: {fact: {name: quota_left, below: 100}}}
            """;

    @TempDir
    static Path folder;

    @Test
    void whatIsExpectedPassesAndLeavesNothingBehind() throws IOException {
        for (int i = 0; i < 2; i++) {
            RuleTests.Report report = run(RULES
                    + """
                    tests:
                      - name: three failures in a row fire and the next pass ends it
                        series:
                          - {probe: gateway, region: eu, labels: {team: core}, runs: "S*3 F(connect_timeout)*3 S*3"}
                        expect:
                          - {at: 40s, alerts: []}
                          - at: 55s
                            alerts:
                              - {rule: down, probe: gateway, severity: critical, cause: connect_timeout, labels: {owner: core, team: core}}
                              - {rule: flaky, probe: gateway, region: eu, message: 3 of the last 5 runs failed}
                          - at: 65s
                            alerts: [{rule: flaky, probe: gateway}, {rule: down, probe: gateway, state: resolved}]
                      - name: silence and facts
                        series:
                          - {probe: api, facts: {quota_left: 500}, runs: "S*6 S(1200ms, quota_left=17) .*20"}
                        expect:
                          - {at: 70s, alerts: [{rule: quota, probe: api, cause: fact_out_of_bounds}]}
                          - at: 3m
                            alerts: [{rule: quota, probe: api}, {rule: silent, probe: api, cause: no_result}]
                    """);

            assertThat(report.problems()).isEmpty();
            assertThat(report.verdicts()).hasSize(2).allSatisfy(v -> assertThat(v.differences()).as(v.test()).isEmpty());
        }
    }

    @Test
    void daysPassInATest() throws IOException {
        RuleTests.Report report = run(
                """
                rules:
                  - {name: budget, when: {slo: {objective: 99%}}}
                tests:
                  - name: ten bad minutes after three good days burn too fast for a while
                    series: [{probe: api, interval: 1m, runs: "S*4320 F*10 S*120"}]
                    expect:
                      - {at: 3d5m, alerts: []}
                      - at: 3d10m
                        alerts: [{rule: budget, probe: api, cause: error_budget, message: "of the budget of 99% over 30d is left"}]
                      - {at: 3d1h20m, alerts: []}
                """);

        assertThat(report.verdicts().getFirst().differences()).isEmpty();
    }

    @Test
    void whatIsOtherwiseIsToldWithBothSides() throws IOException {
        RuleTests.Report report = run(RULES
                + """
                tests:
                  - name: wrong in every way
                    series:
                      - {probe: gateway, runs: "F*3"}
                    expect:
                      - at: 25s
                        alerts:
                          - {rule: down, probe: gateway, state: pending, severity: warning, cause: connect_refused, labels: {a: b}}
                          - {rule: quota, probe: gateway}
                """);

        assertThat(report.verdicts().getFirst().differences())
                .containsExactly(
                        "at 25s: down of gateway: state: expected pending, is firing, severity: expected warning, is critical, cause:"
                                + " expected connect_refused, is http_status, label a: expected b, is nothing",
                        "at 25s: quota of gateway: expected firing, there is no such alert",
                        "at 25s: flaky of gateway: not expected, is firing (http_status: 3 of the last 3 runs failed: The HTTP status is"
                                + " not among the expected ones)");
    }

    @Test
    void mistakesAreToldWithTheirPlace() throws IOException {
        assertThat(run("tests: []\n").problems())
                .singleElement()
                .asString()
                .contains("tests: expected at least 1 item");
        assertThat(run(RULES
                                + """
                                tests:
                                  - {name: x, series: [{probe: a, runs: "S*3 X"}], expect: [{at: 1m, alerts: []}]}
                                  - {name: y, series: [{probe: a, runs: "F(conect_timeout)"}], expect: [{at: 1m, alerts: []}]}
                                """)
                        .problems())
                .satisfiesExactly(
                        p -> assertThat(p).contains("tests[0].series[0].runs: no run: \"X\""),
                        p -> assertThat(p).contains("there is no cause \"conect_timeout\"; did you mean \"connect_timeout\"?"));
    }

    @Test
    void aRuleThatIsNotThereFailsTheTest() throws IOException {
        RuleTests.Report report = run(RULES
                + """
                tests:
                  - {name: x, series: [{probe: a, runs: "S"}], expect: [{at: 1m, alerts: [{rule: dwon, probe: a}]}]}
                """);

        assertThat(report.verdicts().getFirst().differences()).containsExactly("there is no rule \"dwon\"");
    }

    private static RuleTests.Report run(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("tests.yml"), text);
        return RuleTests.run(
                file, Map.of(), _ -> new RuleTests.Setting(Optional.empty(), List.of(), List.of("no configuration here")));
    }
}
