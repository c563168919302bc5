package dev.gatewatch.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.ruletest.RuleTests;
import dev.gatewatch.daemon.Configuration;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The sample of rule tests passes. */
final class RuleTestsSampleTest {
    @Test
    void theSamplesTestsPass() {
        RuleTests.Report report = RuleTests.run(
                Path.of("rule-tests/rules.yml"), Samples.ENVIRONMENT, RuleTestsSampleTest::setting);

        assertThat(report.problems()).isEmpty();
        assertThat(report.verdicts()).hasSize(3).allSatisfy(v -> assertThat(v.differences()).as(v.test()).isEmpty());
    }

    private static RuleTests.Setting setting(Path path) {
        Configuration.Attempt attempt = Samples.read(path);
        try (Configuration configuration = attempt.configuration().orElseThrow()) {
            return new RuleTests.Setting(Optional.of(configuration.plan()), List.copyOf(configuration.rules()), attempt.lines());
        }
    }
}
