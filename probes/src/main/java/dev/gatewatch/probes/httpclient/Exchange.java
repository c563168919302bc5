package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.Resolver.Resolved;
import dev.gatewatch.probes.net.UnresolvedException;
import dev.gatewatch.probes.tls.TlsRun;
import dev.gatewatch.probes.tls.TlsSettings;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer over a connection of its own: resolves, connects, and waits for the head of the response. Confined to the
 * run's thread. What was found out on the way ({@link #address}, {@link #tls}, {@link #failures}) can be asked also after a failure.
 */
final class Exchange implements AutoCloseable {
    private static final Set<Cause> UNCONNECTED =
            EnumSet.of(Cause.CONNECT_REFUSED, Cause.CONNECT_UNREACHABLE, Cause.CONNECT_TIMEOUT);

    private final Hop hop;
    private final HttpUrl home;
    private final ClientSettings settings;
    private final Route route;
    private final Run run;
    private final PhaseClock clock;

    private final AtomicLong received = new AtomicLong();
    private final List<Failure> failures = new ArrayList<>();
    private @Nullable InetSocketAddress address;
    private @Nullable Call call;
    private @Nullable Response response;
    private boolean finished;

    Exchange(Hop hop, HttpUrl home, ClientSettings settings, Route route, Run run, PhaseClock clock) {
        this.hop = hop;
        this.home = home;
        this.settings = settings;
        this.route = route;
        this.run = run;
        this.clock = clock;
    }

    /** The TLS side of a hop. What is trusted holds for every hop; who we are only for the configured origin. */
    static Optional<TlsRun> tls(Hop hop, HttpUrl home, ClientSettings settings, Instant now) {
        if (!hop.url().isHttps()) {
            return Optional.empty();
        }
        TlsSettings all = settings.tls();
        TlsSettings own = hop.home()
                ? all
                : new TlsSettings(
                        all.trust(), Optional.empty(), Optional.empty(), all.insecure(), all.minVersion());
        return Optional.of(own.begin(home.host(), now));
    }

    /**
     * Sends the request to the first address that takes a connection.
     *
     * @param first where the run's first request went; absent for that one
     * @return the head of the response; the body is still to be read
     */
    Response open(Request request, Optional<InetAddress> first)
            throws ProbeFailure, InterruptedIOException {
        Optional<InetSocketAddress> kept = route.connected();
        HostPort to = destination();
        List<InetAddress> addresses = kept.isPresent() ? List.of(kept.get().getAddress()) : resolve(to.host());
        for (int i = 0; ; i++) {
            var at = new InetSocketAddress(addresses.get(i), to.port());
            address = at;
            Optional<Failure> refused = first.isPresent()
                    ? settings.policy().refusesRedirect(to.host(), at, first.get())
                    : settings.policy().refuses(to.host(), at);
            if (refused.isPresent()) {
                throw new ProbeFailure(refused.get());
            }
            boolean last = i + 1 == addresses.size();
            // an equal part of what is left, so that one silent address does not use up the time of all
            int patience = last ? 0 : Math.max(1, run.deadline().leftMillis() / (addresses.size() - i));
            call = Transport.call(
                    request,
                    at,
                    route,
                    settings.httpVersion(),
                    clock,
                    received,
                    Duration.ofMillis(patience),
                    Duration.ofMillis(run.deadline().leftMillis()));
            try {
                response = call.execute();
                route.connected(at);
                return response;
            } catch (IOException e) {
                Failure failure = failure(e, at);
                boolean notConnected = UNCONNECTED.contains(failure.cause());
                if (!notConnected) {
                    throw new ProbeFailure(failure);
                }
                failures.add(failure);
                if (last || run.deadline().passed()) {
                    throw new ProbeFailure(mostTelling());
                }
            }
        }
    }

    /** That there is no route to one address (often IPv6 on a host without) says less than what another did. */
    private Failure mostTelling() {
        return failures.stream()
                .filter(f -> f.cause() != Cause.CONNECT_UNREACHABLE)
                .findFirst()
                .orElse(failures.getFirst());
    }

    private HostPort destination() {
        boolean asConfigured = UrlType.origin(hop.url()).equals(UrlType.origin(home));
        return settings.connectTo()
                .filter(_ -> asConfigured)
                .orElseGet(() -> new HostPort(hop.url().host(), hop.url().port()));
    }

    private List<InetAddress> resolve(String host) throws ProbeFailure, InterruptedIOException {
        clock.begin(Phase.RESOLVE);
        try {
            Resolved resolved = settings.resolver().resolve(host, run.deadline());
            List<InetAddress> usable = settings.ipFamily().pick(resolved.addresses());
            if (usable.isEmpty()) {
                throw new ProbeFailure(new Failure(
                        Cause.DNS_NO_ADDRESS,
                        host + " has no " + settings.ipFamily().wanted() + " address"));
            }
            return usable;
        } catch (UnresolvedException e) {
            throw new ProbeFailure(e.failure());
        } finally {
            clock.end();
        }
    }

    /** Names the cause by what was going on, which is over then. */
    private Failure failure(IOException e, InetSocketAddress at) throws InterruptedIOException {
        throwIfInterrupted();
        Failure failure = new HttpFailures(clock, run.deadline(), route.tls(), received.get()).of(e, at);
        clock.end();
        return failure;
    }

    /**
     * Why the body did not come in full.
     *
     * @param read bytes that came out of it
     * @param announced Content-Length, or -1
     */
    Failure bodyFailure(IOException e, long read, long announced) throws InterruptedIOException {
        throwIfInterrupted();
        return new HttpFailures(clock, run.deadline(), route.tls(), received.get()).ofBody(e, read, announced);
    }

    private void throwIfInterrupted() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while probing " + UrlType.shown(hop.url(), false));
        }
    }

    /** The body was read in full: the connection may wait for the next request. */
    void finish() {
        finished = true;
    }

    /** The address used, or tried last. */
    Optional<InetSocketAddress> address() {
        return Optional.ofNullable(address);
    }

    Optional<TlsRun> tls() {
        return route.tls();
    }

    /** Why addresses took no connection, in the order they were tried. */
    List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** Ends the connection. What is left of a body is not waited for. */
    @Override
    public void close() {
        clock.end();
        if (call != null && !finished) {
            call.cancel();
        }
        if (response != null) {
            response.close();
        }
    }
}
