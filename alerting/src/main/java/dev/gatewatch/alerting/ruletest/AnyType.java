package dev.gatewatch.alerting.ruletest;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import java.util.List;
import java.util.Optional;

/**
 * The type of a probe that only a test has: it never runs. Immutable.
 *
 * @param facts of the real type of this name, where there is one
 */
record AnyType(String name, List<FactSpec> facts) implements ProbeType {
    /** A probe that is never asked. */
    record Idle(String target) implements Probe {
        @Override
        public Report run(Run run) {
            throw new IllegalStateException("a test's probe never runs");
        }
    }

    @Override
    public String description() {
        return "Stands for a probe in a test of rules.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(endpoint());
    }

    @Override
    public Key<?> endpoint() {
        return Key.required("target", Types.text(), "Anything.");
    }

    @Override
    public List<String> phases() {
        return List.of("*");
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.empty();
    }

    @Override
    public Probe create(Section section) {
        return new Idle("test");
    }
}
