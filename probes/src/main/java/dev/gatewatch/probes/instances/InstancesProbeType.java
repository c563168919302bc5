package dev.gatewatch.probes.instances;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.httpclient.HttpFacts;
import dev.gatewatch.probes.nameserver.ResolverKeys;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.IpFamily;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code type: instances}: reaches every instance of a service, and compares who is there with who should be. */
public final class InstancesProbeType implements ProbeType {
    private static final Key<HostPort> TARGET = Key.optional(
            "target",
            Types.hostPort(0),
            "Name and port of the service: all addresses of the name are instances, as a client or balancer finds them.");
    private static final Key<Registry> REGISTRY = Key.optional(
            "registry", RegistryKeys.TYPE, "A registry's list of the service's instances; those that are up in it count.");
    private static final Key<List<HostPort>> EXPECTED = Key.optional(
            "expected",
            Types.list(Types.hostPort(0), 1),
            "The instances that must be there, and no others, as host:port. Without it the registry says what to expect behind the"
                    + " name.");
    private static final Key<Integer> AT_LEAST = Key.withDefault(
            "at_least", Types.integer(1, 1_000), 1, "1", "So many instances must be there; fewer is instance_missing.");
    private static final Key<Integer> MIN_HEALTHY = Key.optional(
            "min_healthy",
            Types.integer(0, 1_000),
            "With so many healthy instances an unhealthy one degrades the run only; else each one fails it.");
    private static final Key<HttpCheck> CHECK = Key.optional(
            "check",
            CheckKeys.TYPE,
            "What each instance is asked over HTTP; without it each has to take a TCP connection.");

    static final String INSTANCES = "instances";
    static final String HEALTHY = "healthy";
    static final String MISSING = "missing";
    static final String UNEXPECTED = "unexpected";
    static final String UP = "up";
    static final String SECONDS = "seconds";

    @Override
    public String name() {
        return "instances";
    }

    @Override
    public String description() {
        return "Reaches every instance behind a name or in a registry, and compares the instances that are there with those that"
                + " should be.";
    }

    @Override
    public List<Key<?>> keys() {
        return Stream.of(
                        List.<Key<?>>of(TARGET, REGISTRY, EXPECTED, AT_LEAST, MIN_HEALTHY, CHECK),
                        List.<Key<?>>of(IpFamily.KEY, ResolverKeys.RESOLVER))
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public Key<?> endpoint() {
        return TARGET;
    }

    @Override
    public List<FactSpec> facts() {
        return Stream.of(
                        List.of(
                                FactSpec.gauge(INSTANCES, "probe_instances", "Instances that were found."),
                                FactSpec.gauge(HEALTHY, "probe_instances_healthy", "Instances whose check passed."),
                                FactSpec.gauge(
                                        MISSING, "probe_instances_missing", "Instances that should be there and are not."),
                                FactSpec.gauge(
                                        UNEXPECTED,
                                        "probe_instances_unexpected",
                                        "Instances that are there and should not be."),
                                FactSpec.family(
                                        UP, "probe_instance_up", "instance", "Whether the check of an instance passed; absent where it could not be made."),
                                FactSpec.family(
                                        SECONDS,
                                        "probe_instance_check_seconds",
                                        "instance",
                                        "Seconds that the check of an instance took.")),
                        HttpFacts.SPECS)
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public List<String> phases() {
        return List.of("discover", "check");
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_instances_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        Optional<HostPort> target = section.find(TARGET);
        Optional<Registry> registry = section.find(REGISTRY);
        Optional<List<HostPort>> expected = section.find(EXPECTED);
        if (target.isEmpty() && registry.isEmpty() && expected.isEmpty()) {
            section.problem(TARGET, "nothing says where the instances are: add target, registry or expected");
        }
        IpFamily family = section.get(IpFamily.KEY);
        InstanceCheck check = section.find(CHECK)
                .<InstanceCheck>map(c -> c)
                .orElseGet(() -> new TcpCheck(Connector.of(section, family)));
        return new InstancesProbe(
                target,
                registry,
                expected,
                section.get(AT_LEAST),
                section.find(MIN_HEALTHY),
                check,
                ResolverKeys.of(section),
                family);
    }
}
