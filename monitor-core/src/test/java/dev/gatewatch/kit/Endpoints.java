package dev.gatewatch.kit;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Probes of any type and target, which are looked at and never run. */
public final class Endpoints {
    private Endpoints() {}

    public static ProbeSpec spec(Series series, String type, String target) {
        return new ProbeSpec(
                series,
                new Named(type),
                new LinkedHashMap<>(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                new At(target),
                series.display());
    }

    private record At(String target) implements Probe {
        @Override
        public Report run(Run run) {
            throw new IllegalStateException("never runs");
        }
    }

    private record Named(String name) implements ProbeType {
        @Override
        public String description() {
            return "Is looked at.";
        }

        @Override
        public List<Key<?>> keys() {
            return List.of(endpoint());
        }

        @Override
        public Key<?> endpoint() {
            return Key.required("target", Types.text(), "What it is about.");
        }

        @Override
        public List<FactSpec> facts() {
            return List.of();
        }

        @Override
        public List<String> phases() {
            return List.of();
        }

        @Override
        public Optional<String> phaseMetric() {
            return Optional.empty();
        }

        @Override
        public Probe create(Section section) {
            throw new IllegalStateException("is never made so");
        }
    }
}
