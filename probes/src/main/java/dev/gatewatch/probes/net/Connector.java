package dev.gatewatch.probes.net;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.trace.PathTracer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

    /** The key {@code source_address}. */
    public static final Key<InetAddress> SOURCE_ADDRESS = Key.optional(
            "source_address",
            Types.scalar("an IP address of this machine", Map.of("type", "string"), Connector::literal),
            "Address of this machine to connect from, where it has several; only addresses of the same family are tried.");

    private final Lookup lookup;
    private final Optional<InetAddress> source;
    private final PathTracer tracer;

    public Connector(Resolver resolver, TargetPolicy policy, IpFamily family) {
        this(new Lookup(resolver, policy, family));
    }

    /** With another view of the network's paths. */
    public Connector(Resolver resolver, TargetPolicy policy, IpFamily family, PathTracer tracer) {
        this(new Lookup(resolver, policy, family), Optional.empty(), tracer);
    }

    Connector(Lookup lookup) {
        this(lookup, Optional.empty(), PathTracer.system());
    }

    private Connector(Lookup lookup, Optional<InetAddress> source, PathTracer tracer) {
        this.lookup = lookup;
        this.source = source;
        this.tracer = tracer;
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** By the system's resolver, under the policy of the configuration that the section stands in. */
    public static Connector of(Section section, IpFamily family) {
        return new Connector(Resolver.system(), TargetPolicy.of(section), family);
    }

    /** The same, which connects from an address of this machine; from the one that the system chooses where none is given. */
    public Connector from(Optional<InetAddress> address) {
        return new Connector(lookup, address, tracer);
    }

    /**
     * Connects, or tells the report why not.
     *
     * @throws InterruptedIOException when the run was interrupted
     */
    public Optional<Connection> connect(HostPort target, Deadline deadline, Report.Builder report)
            throws InterruptedIOException {
        List<InetAddress> addresses = resolve(target, deadline, report);
        if (addresses.isEmpty()) {
            return Optional.empty();
        }
        long start = System.nanoTime();
        var failures = new ArrayList<Failure>();
        NetFacts.address(report, addresses.getFirst());
        try {
            for (int i = 0; i < addresses.size() && (i == 0 || !deadline.passed()); i++) {
                var to = new InetSocketAddress(addresses.get(i), target.port());
                Attempt attempt = traced(target.host(), to, share(deadline, addresses.size() - i), deadline, report);
                attempt.failure().ifPresent(failures::add);
                if (attempt.connection().isPresent()) {
                    NetFacts.address(report, addresses.get(i));
                    lookup.last().connected(target.host(), addresses.get(i));
                    return attempt.connection();
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

    /**
     * The addresses to try, in this order; or none, after the report was told why.
     *
     * @throws InterruptedIOException when the run was interrupted
     */
    public List<InetAddress> resolve(HostPort target, Deadline deadline, Report.Builder report)
            throws InterruptedIOException {
        long start = System.nanoTime();
        try {
            List<InetAddress> addresses = addresses(target, deadline);
            resolved(start, report);
            return addresses;
        } catch (UnresolvedException e) {
            resolved(start, report);
            UnresolvedException explained = lookup.explained(e, target, deadline);
            explained.failure().tell(report);
            explained.evidence().forEach(what -> report.evidence(what.title(), what.text()));
            return List.of();
        }
    }

    private static void resolved(long start, Report.Builder report) {
        Duration took = since(start);
        report.phase("resolve", took);
        NetFacts.lookup(report, took);
    }

    /**
     * The addresses to try, in this order; at least one.
     *
     * @throws UnresolvedException with the cause
     * @throws InterruptedIOException when the run was interrupted
     */
    public List<InetAddress> addresses(HostPort target, Deadline deadline)
            throws UnresolvedException, InterruptedIOException {
        List<InetAddress> usable = lookup.addresses(target, deadline);
        if (source.isEmpty()) {
            return usable;
        }
        boolean four = source.get() instanceof Inet4Address;
        List<InetAddress> same = (four ? IpFamily.IP4 : IpFamily.IP6).pick(usable);
        if (same.isEmpty()) {
            throw new UnresolvedException(new Failure(
                    Cause.DNS_NO_ADDRESS,
                    target.host() + " has no " + (four ? "IPv4" : "IPv6") + " address, as source_address "
                            + source.get().getHostAddress() + " needs"));
        }
        return same;
    }

    /** An equal part of what is left, so that one silent address does not use up the time of all. */
    private static int share(Deadline deadline, int addresses) {
        return Math.max(1, deadline.leftMillis() / addresses);
    }

    /** Tries one address, and has a look at the path to it where it does not answer. */
    private Attempt traced(String host, InetSocketAddress to, int millis, Deadline deadline, Report.Builder report)
            throws InterruptedIOException {
        if (lookup.policy().refuses(host, to).isPresent()) {
            return attempt(host, to, millis, deadline);
        }
        PathTracer.Watch watch = tracer.watch(to, Duration.ofMillis(millis));
        Attempt attempt;
        try (watch) {
            attempt = attempt(host, to, millis, deadline);
        }
        if (attempt.failure().isEmpty()) {
            return attempt;
        }
        PathEvidence path = PathEvidence.of(attempt.failure().get(), to, watch, deadline);
        path.evidence().ifPresent(hops -> report.evidence(hops.title(), hops.text()));
        return Attempt.failed(to, path.failure(), attempt.took());
    }

    /**
     * Tries one address; nothing is sent where the policy refuses it.
     *
     * @param host as configured, for the policy and for the connection
     * @param patienceMillis how long to wait for the connection, at least 1
     * @param deadline of the connection
     * @throws InterruptedIOException when the run was interrupted
     */
    public Attempt attempt(String host, InetSocketAddress to, int patienceMillis, Deadline deadline)
            throws InterruptedIOException {
        Optional<Failure> forbidden = lookup.policy().refuses(host, to);
        if (forbidden.isPresent()) {
            return Attempt.failed(to, forbidden.get(), Duration.ZERO);
        }
        long start = System.nanoTime();
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            if (source.isPresent()) {
                bind(socket, source.get());
            }
            socket.connect(to, patienceMillis);
            return new Attempt(to, Optional.of(new Connection(socket, host, deadline)), Optional.empty(), since(start));
        } catch (IOException e) {
            closeQuietly(socket);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while connecting to " + NetFailures.show(to));
            }
            Duration took = since(start);
            return Attempt.failed(
                    to, e instanceof Unbound own ? own.failure() : NetFailures.connect(e, to, took), took);
        }
    }

    private static void bind(Socket socket, InetAddress source) throws IOException {
        try {
            socket.bind(new InetSocketAddress(source, 0));
        } catch (IOException _) {
            throw new Unbound(source);
        }
    }

    /** This machine does not have the source address. */
    private static final class Unbound extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient InetAddress source;

        Unbound(InetAddress source) {
            this.source = source;
        }

        Failure failure() {
            return new Failure(
                    Cause.LOCAL_NETWORK, "this machine cannot connect from source_address " + source.getHostAddress());
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Of several failures at least one: the one that tells most about the target. */
    public static Failure mostTelling(List<Failure> failures) {
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
