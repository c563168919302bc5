package dev.gatewatch.probes.reachability;

import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Attempt;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.Parallel;
import dev.gatewatch.probes.net.UnresolvedException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tries all paths at once: first resolves all names, then connects to all their addresses. Immutable.
 *
 * @param patience how long an attempt without an answer lasts before it counts as dropped, where there is time for it
 * @param every whether every address of a path that must connect has to
 */
record ReachabilityProbe(
        Connector connector, List<Path> paths, Duration patience, int atOnce, boolean every) implements Probe {
    /** Of one name so many addresses are tried. */
    private static final int MOST_ADDRESSES = 16;

    ReachabilityProbe {
        paths = List.copyOf(paths);
    }

    @Override
    public String target() {
        long open = paths.stream().filter(Path::mustConnect).count();
        long closed = paths.size() - open;
        return closed == 0 && open == 1
                ? paths.getFirst().shown()
                : open + " that must connect, " + closed + " that must not";
    }

    /** A path's host, looked up. */
    private record Found(Path path, List<InetAddress> addresses, Optional<Failure> failure) {}

    /** One address of a path. */
    private record Way(Path path, InetSocketAddress to) {}

    private record Tried(Path path, Optional<Duration> connected, Optional<Failure> failure) {}

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        long start = System.nanoTime();
        Deadline lookups = Deadline.after(run.deadline().left().dividedBy(2));
        List<Found> found = Parallel.map(paths, atOnce, path -> resolve(path, lookups));
        long resolved = System.nanoTime();
        report.phase(ReachabilityProbeType.RESOLVE_PHASE, Duration.ofNanos(resolved - start));
        List<Way> ways = found.stream().flatMap(f -> ways(f).stream()).toList();
        int millis = patienceMillis(run.deadline(), ways.size());
        Map<Path, List<Tried>> tried =
                Parallel.map(ways, atOnce, way -> attempt(way, millis, run.deadline())).stream()
                        .collect(Collectors.groupingBy(Tried::path));
        report.phase(ReachabilityProbeType.CONNECT_PHASE, Duration.ofNanos(System.nanoTime() - resolved));
        List<Finding> findings = found.stream()
                .map(f -> finding(f, tried.getOrDefault(f.path(), List.of())))
                .toList();
        facts(findings, report);
        Judgement.tell(findings, report);
        evidence(findings, report);
        return report.build();
    }

    private Found resolve(Path path, Deadline deadline) throws InterruptedIOException {
        try {
            List<InetAddress> addresses = connector.addresses(path.to(), deadline);
            return new Found(path, addresses.stream().distinct().limit(MOST_ADDRESSES).toList(), Optional.empty());
        } catch (UnresolvedException e) {
            return new Found(path, List.of(), Optional.of(e.failure()));
        }
    }

    private static List<Way> ways(Found found) {
        return found.addresses().stream()
                .map(a -> new Way(found.path(), new InetSocketAddress(a, found.path().to().port())))
                .toList();
    }

    /** So that the last of those that have to wait for their turn still has its time, and a moment is left to tell of it. */
    private int patienceMillis(Deadline deadline, int ways) {
        int turns = Math.max(1, (ways + atOnce - 1) / atOnce);
        long share = deadline.left().toMillis() * 9 / 10 / turns;
        return (int) Math.max(1, Math.min(patience.toMillis(), share));
    }

    private Tried attempt(Way way, int millis, Deadline deadline) throws InterruptedIOException {
        Attempt attempt = connector.attempt(way.path().to().host(), way.to(), millis, deadline);
        attempt.connection().ifPresent(Connection::close);
        return new Tried(way.path(), attempt.connection().map(_ -> attempt.took()), attempt.failure());
    }

    private Finding finding(Found found, List<Tried> tried) {
        var failures = new ArrayList<Failure>();
        found.failure().ifPresent(failures::add);
        tried.forEach(t -> t.failure().ifPresent(failures::add));
        List<Duration> connected =
                tried.stream().flatMap(t -> t.connected().stream()).toList();
        return new Finding(found.path(), connected, failures, every);
    }

    private static void facts(List<Finding> findings, Report.Builder report) {
        for (Finding finding : findings) {
            String name = "." + finding.path().name();
            State state = finding.state();
            report.fact(ReachabilityProbeType.STATE + name, state.word());
            if (state != State.UNKNOWN) {
                report.fact(ReachabilityProbeType.OPEN + name, state == State.OPEN);
            }
            finding.latency().ifPresent(took -> report.fact(
                    ReachabilityProbeType.CONNECT_SECONDS + name, took.toNanos() / 1e9));
        }
        report.fact(ReachabilityProbeType.PATHS, findings.size());
        report.fact(
                ReachabilityProbeType.UNEXPECTEDLY_OPEN,
                findings.stream()
                        .filter(f -> !f.path().mustConnect() && f.state() == State.OPEN)
                        .count());
    }

    private static void evidence(List<Finding> findings, Report.Builder report) {
        List<String> wrong = findings.stream()
                .filter(f -> f.path().mustConnect() != (f.state() == State.OPEN) || f.state() == State.UNKNOWN)
                .map(Finding::line)
                .toList();
        if (!wrong.isEmpty()) {
            report.evidence("paths that are not as wanted", String.join("\n", wrong));
        }
    }
}
