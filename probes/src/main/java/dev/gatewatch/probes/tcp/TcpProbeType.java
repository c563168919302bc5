package dev.gatewatch.probes.tcp;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.dialogue.Dialogue;
import dev.gatewatch.probes.dialogue.Step;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.NetFacts;
import dev.gatewatch.probes.starttls.StartTls;
import dev.gatewatch.probes.tls.ChainFacts;
import dev.gatewatch.probes.tls.Handshake;
import dev.gatewatch.probes.tls.TlsChoice;
import dev.gatewatch.probes.tls.TlsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code type: tcp}: a port that must take connections, with TLS and a short dialogue where wanted. */
public final class TcpProbeType implements ProbeType {
    /** Which addresses behind a name to probe. */
    enum Addresses {
        FIRST,
        ALL
    }

    private static final Key<TcpTarget> TARGET = Key.required(
            "target",
            TcpTarget.TYPE,
            "Host and port to connect to, or unix:/path of a socket of this machine, which has the name localhost in TLS.");
    private static final Key<TlsChoice> TLS = Key.withDefault(
            "tls",
            TlsChoice.TYPE,
            TlsChoice.NONE,
            "false; true with starttls",
            "Speak TLS: true, or a mapping of TLS settings. From the first byte, after the words of starttls, or from the step of"
                    + " the dialogue with starttls.");
    private static final Key<List<Step>> DIALOGUE = Key.withDefault(
            "dialogue",
            Types.list(Step.TYPE, 0),
            List.of(),
            "[]",
            "Steps to take in turn after connecting, and inside TLS where that is spoken by then. Each waits for what it expects,"
                    + " then sends, then starts TLS. At most 64kB of the peer's words are looked at.");
    private static final Key<Addresses> ADDRESSES = Key.withDefault(
            "addresses",
            Types.oneOf(Addresses.class),
            Addresses.FIRST,
            "first",
            "first: tries the addresses behind the name in turn until one takes the connection. all: connects to and speaks with"
                    + " every one of them.");
    private static final Key<AddressRule> RULE = Key.withDefault(
            "addresses_needed",
            Types.oneOf(AddressRule.class),
            AddressRule.ALL,
            "all",
            "With addresses: all, how many of them must work for the run to pass: any, quorum (more than half) or all.");
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
        return "Connects to a TCP port or Unix socket; speaks STARTTLS, TLS and a short dialogue where wanted, with one or every address.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(
                TARGET,
                TLS,
                StartTls.KEY,
                DIALOGUE,
                IpFamily.KEY,
                ADDRESSES,
                RULE,
                Connector.SOURCE_ADDRESS,
                EXPECT);
    }

    @Override
    public Key<?> endpoint() {
        return TARGET;
    }

    @Override
    public List<FactSpec> facts() {
        return Stream.of(NetFacts.SPECS, ChainFacts.SPECS, Dialogue.SPECS, AllAddresses.SPECS)
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public List<String> phases() {
        return List.of("resolve", "connect", StartTls.PHASE, Handshake.PHASE, Dialogue.PHASE);
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_tcp_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        List<Step> dialogue = section.get(DIALOGUE);
        Dialogue.problems(dialogue).forEach(problem -> section.problem(DIALOGUE, problem));
        Optional<StartTls> startTls = section.find(StartTls.KEY);
        boolean later = dialogue.stream().anyMatch(Step::startTls);
        if (startTls.isPresent() && later) {
            section.problem(StartTls.KEY, "TLS can start only once: either by this key or by a step with starttls");
        }
        Optional<TlsSettings> tls = section.get(TLS).settings();
        if (startTls.isPresent() && section.has(TLS) && tls.isEmpty()) {
            section.problem(TLS, "\"tls: false\" makes no sense beside starttls, which asks for it; remove one of them");
        }
        checkAddresses(section);
        return new TcpProbe(
                Connector.of(section, section.get(IpFamily.KEY)).from(section.find(Connector.SOURCE_ADDRESS)),
                section.get(TARGET),
                new Conversation(
                        startTls.isPresent() || later ? Optional.of(tls.orElseGet(TlsSettings::standard)) : tls,
                        startTls,
                        dialogue),
                section.get(ADDRESSES) == Addresses.ALL ? Optional.of(section.get(RULE)) : Optional.empty(),
                section.get(EXPECT));
    }

    private static void checkAddresses(Section section) {
        if (section.has(RULE) && section.get(ADDRESSES) != Addresses.ALL) {
            section.problem(RULE, "addresses_needed counts addresses; write \"addresses: all\" beside it");
        }
        if (section.get(TARGET) instanceof TcpTarget.Unix) {
            for (Key<?> key : List.of(IpFamily.KEY, ADDRESSES, Connector.SOURCE_ADDRESS)) {
                if (section.has(key)) {
                    section.problem(key, "a Unix socket has no addresses; remove this key");
                }
            }
        }
    }

    @Override
    public Optional<Map<String, Object>> adHoc(String target) {
        if (target.startsWith(TcpTarget.UNIX)) {
            return Optional.of(Map.of(TARGET.name(), target));
        }
        return target.startsWith("tcp:")
                ? Optional.of(Map.of(TARGET.name(), target.substring("tcp:".length())))
                : Optional.empty();
    }
}
