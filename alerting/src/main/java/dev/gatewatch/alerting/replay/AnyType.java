package dev.gatewatch.alerting.replay;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.engine.ProbesSection;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import java.util.List;
import java.util.Optional;

/**
 * The type of a probe that never runs here: its runs are made up, or past. Immutable.
 *
 * @param facts of the real type of this name, where there is one
 */
public record AnyType(String name, List<FactSpec> facts) implements ProbeType {
    /** The type of this name, with the facts of the real one. */
    public static AnyType of(String name) {
        return new AnyType(
                name,
                ProbesSection.installedTypes().stream()
                        .filter(type -> type.name().equals(name))
                        .findFirst()
                        .map(ProbeType::facts)
                        .orElse(List.of()));
    }

    /** A probe that is never asked. */
    public record Idle(String target) implements Probe {
        @Override
        public Report run(Run run) {
            throw new IllegalStateException("this probe never runs");
        }
    }

    @Override
    public String description() {
        return "Stands for a probe that does not run here.";
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
        return new Idle("");
    }
}
