package dev.gatewatch.probes.tlspolicy;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.NetFacts;
import dev.gatewatch.probes.starttls.StartTls;
import dev.gatewatch.probes.tls.ChainFacts;
import dev.gatewatch.probes.tls.Handshake;
import dev.gatewatch.probes.tls.TlsSettings;
import dev.gatewatch.probes.tls.TlsVersion;
import dev.gatewatch.probes.tls.TrustAnchors;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code type: tls_policy}: which versions and cipher suites a server accepts, against what it must accept and refuse. */
public final class TlsPolicyProbeType implements ProbeType {
    static final String OFFERED = "offered";
    static final String WEAK = "weak_accepted";
    static final String DH_BITS = "dh_bits";
    static final String OFFERS_PHASE = "offers";

    private static final String WORDS = Stream.concat(
                    Arrays.stream(Protocol.values()).map(Protocol::word),
                    SuiteGroup.STRONGEST_FIRST.stream().map(SuiteGroup::word))
            .collect(Collectors.joining(", "));

    private static final ValueType<String> OFFER = Types.scalar(
            "one of " + WORDS + ", or IANA's name of a cipher suite",
            Map.of("type", "string"),
            word -> Offer.named(word).map(Offer::name));

    private static final Key<HostPort> TARGET = Key.required("target", Types.hostPort(443), "Server to connect to.");
    private static final Key<Policy.Named> POLICY = Key.withDefault(
            "policy",
            Types.oneOf(Policy.Named.class),
            Policy.Named.INTERMEDIATE,
            "intermediate",
            "What to hold the server to, after Mozilla's Server Side TLS guidelines 5.7. modern: accepts TLS 1.3 and refuses all"
                    + " older. intermediate: accepts TLS 1.2, TLS 1.3 and ecdhe_aead; may accept dhe_aead; refuses all else. old: accepts"
                    + " TLS 1.0 to 1.3 and ecdhe_aead; may accept CBC, RSA key exchange and 3des; refuses all else. none: only what"
                    + " accept and refuse say.");
    private static final Key<SequencedSet<String>> ACCEPT = Key.withDefault(
            "accept",
            Types.set(OFFER),
            new LinkedHashSet<>(),
            "[]",
            "What the server must accept beside the policy, whatever that says of it: versions (" + versions()
                    + "), groups of cipher suites of TLS 1.2 and older (" + groups()
                    + ") of which it must accept one, or single suites by IANA's name.");
    private static final Key<SequencedSet<String>> REFUSE = Key.withDefault(
            "refuse",
            Types.set(OFFER),
            new LinkedHashSet<>(),
            "[]",
            "What the server must refuse beside the policy, in the same words; of a group it must refuse every suite.");
    private static final Key<Integer> LEAST_DH_BITS = Key.optional(
            "least_dh_bits",
            Types.integer(0, 16_384),
            "Smallest Diffie-Hellman group, in bits, that the server may use with DHE; 0 for any. Without this key: 2048, with"
                    + " policy old 1024, with policy none 0.");
    private static final Key<String> SERVER_NAME = TlsSettings.serverNameKey();

    private static String versions() {
        return Arrays.stream(Protocol.values()).map(Protocol::word).collect(Collectors.joining(", "));
    }

    private static String groups() {
        return SuiteGroup.STRONGEST_FIRST.stream().map(SuiteGroup::word).collect(Collectors.joining(", "));
    }

    @Override
    public String name() {
        return "tls_policy";
    }

    @Override
    public String description() {
        return "Offers a server every TLS version and group of cipher suites in turn, and compares what it accepts with a policy.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(
                TARGET,
                POLICY,
                ACCEPT,
                REFUSE,
                LEAST_DH_BITS,
                SERVER_NAME,
                StartTls.KEY,
                IpFamily.KEY,
                Connector.SOURCE_ADDRESS);
    }

    @Override
    public Key<?> endpoint() {
        return TARGET;
    }

    @Override
    public List<FactSpec> facts() {
        var own = List.of(
                FactSpec.family(
                        OFFERED,
                        "probe_tls_offer_accepted",
                        "offer",
                        "Whether the server accepts this version, group of suites or suite."),
                FactSpec.gauge(
                        WEAK, "probe_tls_weak_offers_accepted", "How many offers it accepts that it must refuse."),
                FactSpec.gauge(
                        DH_BITS,
                        "probe_tls_dh_bits",
                        "Size of the smallest Diffie-Hellman group it uses, in bits; absent without DHE."));
        return Stream.of(NetFacts.SPECS, ChainFacts.SPECS, own)
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public List<String> phases() {
        return List.of("resolve", "connect", OFFERS_PHASE, Handshake.PHASE);
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_tls_policy_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        SequencedSet<String> accept = section.get(ACCEPT);
        SequencedSet<String> refuse = section.get(REFUSE);
        accept.stream()
                .filter(refuse::contains)
                .forEach(word -> section.problem(REFUSE, "\"" + word + "\" stands in accept too; remove it from one of them"));
        Policy policy = section.get(POLICY).with(accept, refuse, section.find(LEAST_DH_BITS));
        if (policy.accept().isEmpty() && policy.refuse().isEmpty()) {
            section.problem(POLICY, "policy none needs accept or refuse beside it, or nothing is asked of the server");
        }
        var settings = new TlsSettings(
                TrustAnchors.system(), Optional.empty(), section.find(SERVER_NAME), true, TlsVersion.TLS12);
        return new TlsPolicyProbe(
                Connector.of(section, section.get(IpFamily.KEY)).from(section.find(Connector.SOURCE_ADDRESS)),
                section.get(TARGET),
                section.find(StartTls.KEY),
                settings,
                policy);
    }
}
