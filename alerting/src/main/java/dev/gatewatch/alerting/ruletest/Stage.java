package dev.gatewatch.alerting.ruletest;

import dev.gatewatch.alerting.replay.AnyType;
import dev.gatewatch.alerting.ruletest.RuleTestFile.Case;
import dev.gatewatch.alerting.ruletest.RuleTestFile.Line;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** The probes of a test. Pure functions. */
final class Stage {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final String TYPE = "http";

    private Stage() {}

    /** The probes that a test brings itself. */
    static Plan of(Case test) {
        var specs = new LinkedHashMap<Series, ProbeSpec>();
        for (Line line : test.series()) {
            var series = new Series(line.probe(), line.region(), "test");
            Duration interval = line.interval().orElse(INTERVAL);
            specs.putIfAbsent(
                    series,
                    new ProbeSpec(
                            series,
                            AnyType.of(line.type().orElse(TYPE)),
                            line.labels(),
                            interval,
                            interval,
                            new AnyType.Idle(series.display()),
                            series.display()));
        }
        return new Plan(List.copyOf(specs.values()));
    }

    /** The probe whose runs a line has, wherever it is run from. */
    static Optional<ProbeSpec> find(Plan plan, Line line) {
        return plan.probes().values().stream()
                .filter(spec -> spec.series().probe().equals(line.probe())
                        && spec.series().region().equals(line.region()))
                .findFirst();
    }
}
