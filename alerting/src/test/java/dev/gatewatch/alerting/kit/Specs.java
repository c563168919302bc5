package dev.gatewatch.alerting.kit;

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

/** Probes that are configured and never run. */
public final class Specs {
    private Specs() {}

    public static ProbeSpec spec(Series series) {
        return spec(series, Map.of(), Story.INTERVAL);
    }

    public static ProbeSpec spec(Series series, Map<String, String> labels, Duration interval) {
        return new ProbeSpec(
                series, new HttpLike(), new LinkedHashMap<>(labels), interval, Duration.ofSeconds(5), new Idle(), series.display());
    }

    private record Idle() implements Probe {
        @Override
        public String target() {
            return "https://pay.example/health";
        }

        @Override
        public Report run(Run run) {
            throw new IllegalStateException("never runs");
        }
    }

    private record HttpLike() implements ProbeType {
        @Override
        public String name() {
            return "http";
        }

        @Override
        public String description() {
            return "Asks for a page.";
        }

        @Override
        public List<Key<?>> keys() {
            return List.of(endpoint());
        }

        @Override
        public Key<?> endpoint() {
            return Key.required("url", Types.text(), "What to ask for.");
        }

        @Override
        public List<FactSpec> facts() {
            return List.of(FactSpec.gauge(Story.EXPIRY, "probe_ssl_earliest_cert_expiry", "When the certificate ends."));
        }

        @Override
        public List<String> phases() {
            return List.of("connect", "processing");
        }

        @Override
        public Optional<String> phaseMetric() {
            return Optional.empty();
        }

        @Override
        public Probe create(Section section) {
            return new Idle();
        }
    }
}
