package dev.gatewatch.probes.instances;

import static dev.gatewatch.probes.instances.InstancesProbeType.HEALTHY;
import static dev.gatewatch.probes.instances.InstancesProbeType.INSTANCES;
import static dev.gatewatch.probes.instances.InstancesProbeType.MISSING;
import static dev.gatewatch.probes.instances.InstancesProbeType.SECONDS;
import static dev.gatewatch.probes.instances.InstancesProbeType.UNEXPECTED;
import static dev.gatewatch.probes.instances.InstancesProbeType.UP;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.Parallel;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.UnresolvedException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the instances, checks each, and compares. Immutable, safe for many threads. */
final class InstancesProbe implements Probe {
    /** Checks at once: an instance's health page is no place for a crowd, nor is this machine. */
    private static final int AT_ONCE = 16;

    private static final int MOST_NAMED = 5;

    private final Optional<HostPort> target;
    private final Optional<Registry> registry;
    private final Optional<List<HostPort>> expected;
    private final int atLeast;
    private final Optional<Integer> minHealthy;
    private final InstanceCheck check;
    private final Resolver resolver;
    private final IpFamily family;

    InstancesProbe(
            Optional<HostPort> target,
            Optional<Registry> registry,
            Optional<List<HostPort>> expected,
            int atLeast,
            Optional<Integer> minHealthy,
            InstanceCheck check,
            Resolver resolver,
            IpFamily family) {
        this.target = target;
        this.registry = registry;
        this.expected = expected;
        this.atLeast = atLeast;
        this.minHealthy = minHealthy;
        this.check = check;
        this.resolver = resolver;
        this.family = family;
    }

    /** How the check of one instance ended. */
    private record Checked(Report report, Duration took) {}

    @Override
    public String target() {
        return target.map(HostPort::toString)
                .or(() -> registry.map(r -> r.request().target()))
                .orElseGet(() -> String.join(", ", expected.orElse(List.of()).stream().map(HostPort::toString).toList()));
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        long start = System.nanoTime();
        Optional<InstanceSets> found = discover(run, report);
        report.phase("discover", since(start));
        if (found.isEmpty()) {
            return report.build();
        }
        InstanceSets sets = found.get();
        long checking = System.nanoTime();
        Map<HostPort, Checked> checked = checkAll(sets.all(), run);
        report.phase("check", since(checking));
        tell(sets, checked, report);
        return report.build();
    }

    private Optional<InstanceSets> discover(Run run, Report.Builder report) throws InterruptedIOException {
        Optional<Set<HostPort>> behind = Optional.empty();
        if (target.isPresent()) {
            behind = Optional.of(addresses(target.get(), run.deadline(), report));
        }
        Optional<Set<HostPort>> registered = Optional.empty();
        if (registry.isPresent() && report.outcome() == Outcome.PASS) {
            registered = ask(registry.get(), run, report);
        }
        if (report.outcome() != Outcome.PASS) {
            return Optional.empty();
        }
        Optional<Set<HostPort>> wanted = Optional.empty();
        if (expected.isPresent()) {
            wanted = Optional.of(resolved(new LinkedHashSet<>(expected.get()), run.deadline(), report));
        }
        return Optional.of(new InstanceSets(behind, registered, wanted));
    }

    private Optional<Set<HostPort>> ask(Registry asked, Run run, Report.Builder report) throws InterruptedIOException {
        try (var session = HttpSession.of(asked.settings(), redaction(), run, report)) {
            try {
                return Optional.of(resolved(asked.ask(session), run.deadline(), report));
            } catch (ProbeFailure e) {
                e.tell(session);
                session.tellTranscript();
                return Optional.empty();
            }
        }
    }

    private Redaction redaction() {
        return new Redaction(registry.map(r -> r.request().secrets()).orElse(List.of()));
    }

    /** All addresses of a name; a name that has none is told to the report. */
    private Set<HostPort> addresses(HostPort name, Deadline deadline, Report.Builder report)
            throws InterruptedIOException {
        var found = new LinkedHashSet<HostPort>();
        try {
            for (InetAddress address : family.pick(resolver.resolve(name.host(), deadline).addresses())) {
                found.add(new HostPort(address.getHostAddress(), name.port()));
            }
        } catch (UnresolvedException e) {
            e.failure().tell(report);
            return found;
        }
        if (found.isEmpty()) {
            report.fail(Cause.DNS_NO_ADDRESS, name.host() + " has no " + family.wanted() + " address");
        }
        return found;
    }

    /** The same by their addresses, so that lists which use names can be compared with those which do not. */
    private Set<HostPort> resolved(Set<HostPort> named, Deadline deadline, Report.Builder report)
            throws InterruptedIOException {
        var all = new LinkedHashSet<HostPort>();
        for (HostPort instance : named) {
            try {
                for (InetAddress address :
                        family.pick(resolver.resolve(instance.host(), deadline).addresses())) {
                    all.add(new HostPort(address.getHostAddress(), instance.port()));
                }
            } catch (UnresolvedException e) {
                // it cannot be reached by that name, which is what its check will say
                report.evidence("name of an instance", e.failure().message());
                all.add(instance);
            }
        }
        return all;
    }

    private Map<HostPort, Checked> checkAll(Set<HostPort> instances, Run run) throws InterruptedIOException {
        List<HostPort> all = List.copyOf(instances);
        List<Checked> answers = Parallel.map(all, AT_ONCE, instance -> {
            long start = System.nanoTime();
            return new Checked(check.check(instance, run), since(start));
        });
        var checked = new LinkedHashMap<HostPort, Checked>();
        for (int i = 0; i < all.size(); i++) {
            checked.put(all.get(i), answers.get(i));
        }
        return checked;
    }

    private void tell(InstanceSets sets, Map<HostPort, Checked> checked, Report.Builder report) {
        var unhealthy = new ArrayList<String>();
        var own = new ArrayList<Failure>();
        var all = new ArrayList<String>();
        checked.forEach((instance, c) -> {
            boolean up = c.report().outcome() == Outcome.PASS || c.report().outcome() == Outcome.DEGRADED;
            boolean unknown = c.report().outcome() == Outcome.BROKEN;
            if (unknown) {
                own.add(new Failure(c.report().cause().orElseThrow(), instance + ": " + c.report().message()));
            } else {
                report.fact(UP + "." + instance, up);
            }
            report.fact(SECONDS + "." + instance, c.took().toNanos() / 1e9);
            String words = c.report().cause().map(cause -> cause.code() + ": " + c.report().message()).orElse("well");
            all.add(instance + " " + words);
            if (!up && !unknown) {
                unhealthy.add(instance + " (" + words + ")");
            }
        });
        List<String> missing = sets.missing();
        List<String> unexpected = sets.unexpected();
        int healthy = checked.size() - unhealthy.size() - own.size();
        report.fact(INSTANCES, checked.size());
        report.fact(HEALTHY, healthy);
        report.fact(MISSING, missing.size());
        report.fact(UNEXPECTED, unexpected.size());

        if (!unhealthy.isEmpty()) {
            String words = unhealthy.size() + " of " + checked.size() + " instances "
                    + (unhealthy.size() == 1 ? "is" : "are") + " unhealthy: " + named(unhealthy);
            if (minHealthy.isPresent() && healthy >= minHealthy.get()) {
                report.degraded(Cause.INSTANCE_UNHEALTHY, words);
            } else {
                report.fail(Cause.INSTANCE_UNHEALTHY, words);
            }
        }
        if (!missing.isEmpty()) {
            report.fail(Cause.INSTANCE_MISSING, named(missing));
        } else if (checked.size() < atLeast) {
            report.fail(
                    Cause.INSTANCE_MISSING,
                    "found " + checked.size() + (checked.size() == 1 ? " instance" : " instances") + ", expected at least "
                            + atLeast);
        }
        if (!unexpected.isEmpty()) {
            report.fail(Cause.INSTANCE_UNEXPECTED, named(unexpected));
        }
        // what our own side could not look at says nothing about the service
        if (report.outcome() == Outcome.PASS && !own.isEmpty()) {
            own.getFirst().tell(report);
        }
        if (report.outcome() != Outcome.PASS) {
            report.evidence("instances", String.join("\n", all));
        }
    }

    private static String named(List<String> all) {
        return String.join(", ", all.subList(0, Math.min(all.size(), MOST_NAMED)))
                + (all.size() > MOST_NAMED ? " and " + (all.size() - MOST_NAMED) + " more" : "");
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
