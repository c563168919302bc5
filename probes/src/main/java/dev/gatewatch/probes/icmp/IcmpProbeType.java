package dev.gatewatch.probes.icmp;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.NetFacts;
import dev.gatewatch.probes.net.TargetPolicy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code type: icmp}: packets to a host and back. */
public final class IcmpProbeType implements ProbeType {
    static final int STANDARD_TTL = 64;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]{0,252}[A-Za-z0-9.])?");
    private static final ValueType<String> HOST = Types.scalar(
            "a host name or an address (IPv6 without brackets, no port)",
            Map.of("type", "string"),
            text -> Optional.of(text).filter(t -> NAME.matcher(t).matches() || literal(t).isPresent()));
    private static final ValueType<InetAddress> ADDRESS =
            Types.scalar("an address of this machine", Map.of("type", "string"), IcmpProbeType::literal);

    private static final Key<String> TARGET = Key.required("target", HOST, "Host to send packets to: a name or an address.");
    private static final Key<Integer> COUNT =
            Key.withDefault("count", Types.integer(1, 1_000), 5, "5", "Packets in a run.");
    private static final Key<Duration> GAP = Key.withDefault(
            "gap",
            Types.duration(Duration.ofMillis(1), Duration.ofMinutes(1)),
            Duration.ofMillis(200),
            "200ms",
            "From the start of one packet to that of the next; all have to fit into the probe's time-out.");
    private static final Key<Duration> WAIT = Key.withDefault(
            "wait",
            Types.duration(Duration.ofMillis(1), Duration.ofMinutes(1)),
            Duration.ofSeconds(2),
            "2s",
            "How long to wait for the reply to the last packet; a later one counts as lost.");
    private static final Key<Integer> SIZE = Key.withDefault(
            "size", Types.integer(0, 65_507), 56, "56", "Bytes of payload in a packet, beside 8 of ICMP and 20 or 40 of IP.");
    private static final Key<Integer> TTL = Key.withDefault(
            "ttl",
            Types.integer(1, 255),
            STANDARD_TTL,
            Integer.toString(STANDARD_TTL),
            "Routers that a packet may pass (TTL or hop limit).");
    private static final Key<Boolean> DONT_FRAGMENT = Key.withDefault(
            "dont_fragment",
            Types.bool(),
            false,
            "false",
            "Forbid routers to cut packets, so that a larger size finds out about links that are too narrow.");
    private static final Key<InetAddress> SOURCE = Key.optional(
            "source_address", ADDRESS, "Address of this machine to send from; otherwise the one that the route has.");
    private static final Key<IcmpBounds> EXPECT = Key.withDefault(
            "expect", IcmpBounds.TYPE, IcmpBounds.STANDARD, "{}", "Bounds on loss and round trips.");

    private final EchoSockets sockets;

    public IcmpProbeType() {
        this(NativeEchoSockets.SHARED);
    }

    /** With another network behind it. */
    IcmpProbeType(EchoSockets sockets) {
        this.sockets = sockets;
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return "icmp";
    }

    @Override
    public String description() {
        return "Sends ICMP echo packets (ping) to a host and measures loss, round trips and jitter.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(TARGET, COUNT, GAP, WAIT, SIZE, TTL, DONT_FRAGMENT, IpFamily.KEY, SOURCE, EXPECT);
    }

    @Override
    public Key<?> endpoint() {
        return TARGET;
    }

    @Override
    public List<FactSpec> facts() {
        return Stream.concat(NetFacts.SPECS.stream(), IcmpFacts.SPECS.stream()).toList();
    }

    @Override
    public List<String> phases() {
        return List.of("resolve", "setup", "rtt");
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_icmp_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        return new IcmpProbe(
                section.get(TARGET),
                section.get(IpFamily.KEY),
                TargetPolicy.of(section),
                sockets,
                new EchoOptions(section.get(SIZE), section.get(TTL), section.get(DONT_FRAGMENT), section.find(SOURCE)),
                new Pinger(section.get(COUNT), section.get(GAP), section.get(WAIT)),
                section.get(EXPECT));
    }

    @Override
    public Optional<Map<String, Object>> adHoc(String target) {
        return target.startsWith("icmp:")
                ? Optional.of(Map.of(TARGET.name(), target.substring("icmp:".length())))
                : Optional.empty();
    }
}
