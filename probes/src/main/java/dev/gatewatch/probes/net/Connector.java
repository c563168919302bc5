package dev.gatewatch.probes.net;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Section;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.trace.PathTracer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Connects to a host: resolves its name, then tries its addresses in order until one takes the connection. Phases, facts and failures
 * go into the run's report. Immutable, safe for many threads.
 */
public final class Connector {
    /** The phases that {@link #connect} reports. */
    public static final List<String> PHASES = List.of("resolve", "connect");

    /** Of several addresses' failures the one that tells most about the target comes first. */
    private static final List<Cause> TELLING =
            List.of(
            Cause.CONNECT_REFUSED,
            Cause.CONNECTION_RESET,
            Cause.ROUTE_BROKEN,
            Cause.CONNECT_TIMEOUT,
            Cause.CONNECT_UNREACHABLE);

    private final Resolver resolver;
    private final TargetPolicy policy;
    private final IpFamily family;
    private final PathTracer tracer;

    public Connector(Resolver resolver, TargetPolicy policy, IpFamily family) {
        this(resolver, policy, family, PathTracer.system());
    }

    /** With another view of the network's paths. */
    public Connector(Resolver resolver, TargetPolicy policy, IpFamily family, PathTracer tracer) {
        this.resolver = resolver;
        this.policy = policy;
        this.family = family;
        this.tracer = tracer;
    }

    /** By the system's resolver, under the policy of the configuration that the section stands in. */
    public static Connector of(Section section, IpFamily family) {
        return new Connector(Resolver.system(), TargetPolicy.of(section), family);
    }

    /**
     * Connects, or tells the report why not.
     *
     * @throws InterruptedIOException when the run was interrupted
     */
    public Optional<Connection> connect(HostPort target, Deadline deadline, Report.Builder report)
            throws InterruptedIOException {
        List<InetAddress> addresses = resolve(target.host(), deadline, report);
        if (addresses.isEmpty()) {
            return Optional.empty();
        }
        long start = System.nanoTime();
        var failures = new ArrayList<Failure>();
        NetFacts.address(report, addresses.getFirst());
        try {
            for (int i = 0; i < addresses.size() && (i == 0 || !deadline.passed()); i++) {
                var to = new InetSocketAddress(addresses.get(i), target.port());
                Optional<Failure> forbidden = policy.refuses(target.host(), to);
                if (forbidden.isPresent()) {
                    failures.add(forbidden.get());
                    continue;
                }
                Optional<Socket> socket = attempt(to, share(deadline, addresses.size() - i), failures, deadline, report);
                if (socket.isPresent()) {
                    NetFacts.address(report, addresses.get(i));
                    return Optional.of(new Connection(socket.get(), target.host(), deadline));
                }
            }
        } finally {
            report.phase("connect", Duration.ofNanos(System.nanoTime() - start));
            if (!failures.isEmpty() && addresses.size() > 1) {
                report.evidence(
                        "addresses that failed",
                        failures.stream().map(Failure::message).collect(Collectors.joining("\n")));
            }
        }
        mostTelling(failures).tell(report);
        return Optional.empty();
    }

    private List<InetAddress> resolve(String host, Deadline deadline, Report.Builder report)
            throws InterruptedIOException {
        long start = System.nanoTime();
        try {
            List<InetAddress> usable =
                    family.pick(resolver.resolve(host, deadline).addresses());
            if (usable.isEmpty()) {
                report.fail(Cause.DNS_NO_ADDRESS, host + " has no " + family.wanted() + " address");
            }
            return usable;
        } catch (UnresolvedException e) {
            e.failure().tell(report);
            return List.of();
        } finally {
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            report.phase("resolve", took);
            NetFacts.lookup(report, took);
        }
    }

    /** An equal part of what is left, so that one silent address does not use up the time of all. */
    private static int share(Deadline deadline, int addresses) {
        return Math.max(1, deadline.leftMillis() / addresses);
    }

    private Optional<Socket> attempt(
            InetSocketAddress to, int timeoutMillis, List<Failure> failures, Deadline deadline, Report.Builder report)
            throws InterruptedIOException {
        long start = System.nanoTime();
        var socket = new Socket();
        PathTracer.Watch watch = tracer.watch(to, Duration.ofMillis(timeoutMillis));
        try (watch) {
            socket.setTcpNoDelay(true);
            socket.connect(to, timeoutMillis);
            return Optional.of(socket);
        } catch (IOException e) {
            closeQuietly(socket);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while connecting to " + NetFailures.show(to));
            }
            Failure failure = NetFailures.connect(e, to, Duration.ofNanos(System.nanoTime() - start));
            PathEvidence path = PathEvidence.of(failure, to, watch, deadline);
            path.evidence().ifPresent(hops -> report.evidence(hops.title(), hops.text()));
            failures.add(path.failure());
            return Optional.empty();
        }
    }

    private static Failure mostTelling(List<Failure> failures) {
        return failures.stream()
                .min(Comparator.comparingInt(f -> {
                    int rank = TELLING.indexOf(f.cause());
                    return rank < 0 ? TELLING.size() : rank;
                }))
                .orElseThrow();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // it never was connected
        }
    }
}
