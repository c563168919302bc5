package dev.gatewatch.probes.tcp;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.NetFacts;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.tls.ChainFacts;
import dev.gatewatch.probes.tls.TlsChoice;
import dev.gatewatch.probes.tls.TlsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code type: tcp}: a port that must take connections, with TLS and a short dialogue where wanted. */
public final class TcpProbeType implements ProbeType {
    static final String FAILED_DUE_TO_REGEX = "failed_due_to_regex";
    static final String DIALOGUE_PHASE = "dialogue";

    private static final Key<HostPort> TARGET =
            Key.required("target", Types.hostPort(0), "Host and port to connect to.");
    private static final Key<TlsChoice> TLS = Key.withDefault(
            "tls",
            TlsChoice.TYPE, TlsChoice.NONE,
            "false",
            "Speak TLS: true, or a mapping of TLS settings. From the first byte, or from the step with starttls.");
    private static final Key<List<Step>> DIALOGUE = Key.withDefault(
            "dialogue",
            Types.list(Step.TYPE, 0),
            List.of(),
            "[]",
            "Steps to take in turn after connecting, such as expecting a greeting.");
    private static final Key<Duration> LATENCY = Key.optional(
            "latency",
            Types.duration(Duration.ofMillis(1), Duration.ofHours(1)),
            "The run is degraded (latency_high) when it takes longer in whole.");
    private static final Key<Optional<Duration>> EXPECT = Key.withDefault(
            "expect",
            SectionType.of("expect", List.of(LATENCY), s -> s.find(LATENCY)),
            Optional.empty(),
            "{}",
            "Bounds on a run that passed.");

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public String description() {
        return "Connects to a TCP port; speaks TLS and a short dialogue where wanted.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(TARGET, TLS, DIALOGUE, EXPECT);
    }

    @Override
    public Key<?> endpoint() {
        return TARGET;
    }

    @Override
    public List<FactSpec> facts() {
        var own = FactSpec.gauge(
                FAILED_DUE_TO_REGEX,
                "probe_failed_due_to_regex",
                "Whether the peer spoke and did not say what the dialogue expects.");
        return Stream.of(NetFacts.SPECS, ChainFacts.SPECS, List.of(own))
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public List<String> phases() {
        return List.of("resolve", "connect", "tls", DIALOGUE_PHASE);
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_tcp_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
                List<Step> dialogue = section.get(DIALOGUE);
        long upgrades = dialogue.stream().filter(Step::startTls).count();
        if (upgrades > 1) {
            section.problem(DIALOGUE, "TLS can start only once, and two steps say starttls");
        }
        Optional<TlsSettings> tls = section.get(TLS).settings();
        return new TcpProbe(
                Connector.of(section, IpFamily.ANY),
                section.get(TARGET),
                upgrades == 0 ? tls : Optional.of(tls.orElseGet(TlsSettings::standard)),
                dialogue,
                section.get(EXPECT));
    }

    @Override
    public Optional<Map<String, Object>> adHoc(String target) {
        return target.startsWith("tcp:")
                ? Optional.of(Map.of(TARGET.name(), target.substring("tcp:".length())))
                : Optional.empty();
    }
}
