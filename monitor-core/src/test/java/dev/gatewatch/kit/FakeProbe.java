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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A probe whose runs do what a test says. Safe for many threads. */
public final class FakeProbe implements Probe {
    /** The type of every fake probe. */
    public static final ProbeType TYPE = new Type();

    private final Behaviour behaviour;
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    public FakeProbe(Behaviour behaviour) {
        this.behaviour = behaviour;
    }

    /** What a run does. */
    @FunctionalInterface
    public interface Behaviour {
        Report run(Run run) throws Exception;
    }

    /** A probe that always passes. */
    public static FakeProbe passing() {
        return new FakeProbe(_ -> Report.builder().fact("status", 200).build());
    }

    @Override
    public String target() {
        return "fake://target";
    }

    @Override
    public Report run(Run run) throws Exception {
        runs.incrementAndGet();
        return behaviour.run(run);
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }

    /** How many runs have begun. */
    public int runs() {
        return runs.get();
    }

    /** How many times it was closed. */
    public int closed() {
        return closed.get();
    }

    /** A spec for this probe with a time-out of 5 s or the interval. */
    public ProbeSpec spec(Series series, Duration interval) {
        Duration timeout = interval.compareTo(Duration.ofSeconds(5)) < 0 ? interval : Duration.ofSeconds(5);
        return spec(series, interval, timeout, Map.of());
    }

    public ProbeSpec spec(Series series, Duration interval, Duration timeout, Map<String, String> labels) {
        String fingerprint = series + " " + interval + " " + timeout + " " + labels;
        return new ProbeSpec(series, TYPE, new LinkedHashMap<>(labels), interval, timeout, this, fingerprint);
    }

    private static final class Type implements ProbeType {
        private static final Key<String> TARGET = Key.required("target", Types.text(), "What to probe.");

        @Override
        public String name() {
            return "fake";
        }

        @Override
        public String description() {
            return "Does what a test says.";
        }

        @Override
        public List<Key<?>> keys() {
            return List.of(TARGET);
        }

        @Override
        public Key<?> endpoint() {
            return TARGET;
        }

        @Override
        public List<FactSpec> facts() {
            return List.of(FactSpec.gauge("status", "probe_fake_status", "The status."));
        }

        @Override
        public List<String> phases() {
            return List.of("connect");
        }

        @Override
        public Optional<String> phaseMetric() {
            return Optional.of("probe_fake_duration_seconds");
        }

        @Override
        public Probe create(Section section) {
            return passing();
        }
    }
}
