package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.http3.Http3Exchange;
import dev.gatewatch.probes.httpclient.ClientSettings.OfferedVersion;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.LastAddresses;
import dev.gatewatch.probes.net.Lookup;
import dev.gatewatch.probes.net.PathEvidence;
import dev.gatewatch.probes.net.UnresolvedException;
import dev.gatewatch.probes.tls.TlsRun;
import dev.gatewatch.probes.tls.TlsSettings;
import dev.gatewatch.probes.trace.PathTracer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.Headers;
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
            EnumSet.of(Cause.CONNECT_REFUSED, Cause.CONNECT_UNREACHABLE, Cause.CONNECT_TIMEOUT, Cause.ROUTE_BROKEN);

    /** RFC 9110, 9.2.2. */
    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    /** Stands for the address of a target that only a proxy knows; no packet goes there. */
    private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("192.0.2.1");

    private final Hop hop;
    private final ClientSettings settings;
    private final Route route;
    private final Run run;
    private final PhaseClock clock;
    private final HostPort target;
    private final boolean connectsElsewhere;
    private final Optional<ProxySettings> proxy;

    private final AtomicLong received;
    private final List<Failure> failures = new ArrayList<>();
    private final List<Evidence> evidence = new ArrayList<>();
    private @Nullable InetSocketAddress address;
    private @Nullable InetAddress reached;
    private @Nullable Call call;
    private @Nullable Http3Exchange quic;
    private @Nullable Response response;
    private boolean finished;

    Exchange(Hop hop, HttpUrl home, ClientSettings settings, Route route, Run run, PhaseClock clock) {
        this.hop = hop;
        this.settings = settings;
        this.route = route;
        this.received = route.received();
        this.run = run;
        this.clock = clock;
        Optional<HostPort> elsewhere =
                settings.connectTo().filter(_ -> UrlType.origin(hop.url()).equals(UrlType.origin(home)));
        this.connectsElsewhere = elsewhere.isPresent();
        this.target = elsewhere.orElseGet(
                () -> new HostPort(hop.url().host(), hop.url().port()));
        this.proxy = settings.proxy().filter(p -> !p.bypasses(target));
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
                        all.trust(), Optional.empty(), Optional.empty(), all.insecure(), all.minVersion(), all.maxVersion());
        return Optional.of(own.begin(home.host(), now));
    }

    /**
     * Sends the request to the first address that takes a connection. A kept connection that turns out to be dead is replaced by a
     * fresh one, once, where nothing came over it and the method may be repeated.
     *
     * @param first where the first request went that redirects lead on from; absent for that one
     * @return the head of the response; the body is still to be read
     */
    Response open(Request request, Optional<InetAddress> first) throws ProbeFailure, InterruptedIOException {
        Optional<Failure> missing =
                settings.httpVersion() == OfferedVersion.HTTP_3 ? Http3Exchange.missing() : Optional.empty();
        if (missing.isPresent()) {
            throw new ProbeFailure(missing.get());
        }
        clock.unsent();
        received.set(0);
        Optional<InetSocketAddress> kept = route.connected();
        if (kept.isPresent()) {
            try {
                reached = route.reached();
                return attempt(request, kept.get(), Optional.empty(), 0);
            } catch (IOException e) {
                Failure failure = failure(e, kept.get());
                if (failure.cause() != Cause.CONNECTION_RESET || received.get() > 0) {
                    throw new ProbeFailure(failure);
                }
                if (!REPEATABLE.contains(request.method())) {
                    throw new ProbeFailure(new Failure(
                            failure.cause(), failure.message() + " (a kept connection, which it closed while we were sending)"));
                }
                route.close();
            }
        }
        return proxy.isPresent() ? openThrough(proxy.get(), request, first) : openDirectly(request, first);
    }

    private Response openDirectly(Request request, Optional<InetAddress> first)
            throws ProbeFailure, InterruptedIOException {
        List<InetAddress> addresses = resolve(target);
        return tryEach(addresses, target.port(), request, at -> {
            permit(target.host(), at, first);
            reached = at.getAddress();
            return Optional.empty();
        });
    }

    private Response openThrough(ProxySettings through, Request request, Optional<InetAddress> first)
            throws ProbeFailure, InterruptedIOException {
        InetSocketAddress to = permitThrough(through, first);
        List<InetAddress> addresses;
        try {
            addresses = resolve(through.address());
        } catch (ProbeFailure e) {
            throw new ProbeFailure(asProxys(e.failure(), "the name of the proxy: "));
        }
        boolean byUrl = isAskedByUrl(through);
        return tryEach(addresses, through.address().port(), request, at -> {
            permit(through.address().host(), at, Optional.empty());
            return Optional.of(new Tunnel(
                    through,
                    at,
                    byUrl ? Optional.empty() : Optional.of(to),
                    Requests.USER_AGENT,
                    run.clock().instant(),
                    clock));
        });
    }

    /** Where a proxy is to connect to: an address that may be probed, or a name that may. */
    private InetSocketAddress permitThrough(ProxySettings through, Optional<InetAddress> first)
            throws ProbeFailure, InterruptedIOException {
        InetSocketAddress written = ProxySettings.asWritten(target);
        if (!written.isUnresolved() || !through.resolves()) {
            List<InetAddress> addresses = written.isUnresolved() ? resolve(target) : List.of(written.getAddress());
            var to = new InetSocketAddress(addresses.getFirst(), target.port());
            permit(target.host(), to, first);
            reached = to.getAddress();
            return to;
        }
        Optional<Failure> refused = settings.policy().refusesName(target.host(), target.port());
        if (refused.isPresent()) {
            throw new ProbeFailure(refused.get());
        }
        if (first.isPresent() && isLocalName(target.host()) && !first.get().isLoopbackAddress()) {
            throw new ProbeFailure(new Failure(
                    Cause.TARGET_FORBIDDEN,
                    "a redirect leads to " + target.host() + ", which only the proxy itself can reach; it was not followed"));
        }
        reached = ELSEWHERE;
        return written;
    }

    private static boolean isLocalName(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    /** With a tunnel a target is reached by any address; without, an HTTP proxy goes by the URL. */
    private boolean isAskedByUrl(ProxySettings through) {
        return through.kind() != ProxySettings.Kind.SOCKS5
                && !hop.url().isHttps()
                && settings.httpVersion() != OfferedVersion.HTTP_2
                && !connectsElsewhere;
    }

    private void permit(String host, InetSocketAddress at, Optional<InetAddress> first) throws ProbeFailure {
        Optional<Failure> refused = first.isPresent()
                ? settings.policy().refusesRedirect(host, at, first.get())
                : settings.policy().refuses(host, at);
        if (refused.isPresent()) {
            throw new ProbeFailure(refused.get());
        }
    }

    /** Asks whether an address may be connected to, and how the way goes on from there. */
    @FunctionalInterface
    private interface Way {
        Optional<Tunnel> from(InetSocketAddress at) throws ProbeFailure;
    }

    private Response tryEach(List<InetAddress> addresses, int port, Request request, Way way)
            throws ProbeFailure, InterruptedIOException {
        for (int i = 0; ; i++) {
            var at = new InetSocketAddress(addresses.get(i), port);
            address = at;
            Optional<Tunnel> tunnel = way.from(at);
            boolean last = i + 1 == addresses.size();
            // an equal part of what is left, so that one silent address does not use up the time of all
            int patience = last ? 0 : Math.max(1, run.deadline().leftMillis() / (addresses.size() - i));
            PathTracer.Watch watch = PathTracer.system().watch(at, last ? run.deadline().left() : Duration.ofMillis(patience));
            clock.onConnected(watch::close);
            try {
                Response head = attempt(request, at, tunnel, patience);
                if (proxy.isEmpty()) {
                    LastAddresses.shared().connected(target.host(), at.getAddress());
                }
                return head;
            } catch (IOException e) {
                watch.close();
                Failure failure = failure(e, at);
                boolean notConnected = UNCONNECTED.contains(failure.cause());
                if (!notConnected) {
                    throw new ProbeFailure(failure);
                }
                PathEvidence path = PathEvidence.of(failure, at, watch, run.deadline());
                path.evidence().ifPresent(evidence::add);
                failures.add(path.failure());
                if (last || run.deadline().passed()) {
                    throw new ProbeFailure(proxy.isPresent() ? asProxys(mostTelling(), "proxy ") : mostTelling());
                }
            }
        }
    }

    private Response attempt(Request request, InetSocketAddress at, Optional<Tunnel> tunnel, int patience)
            throws IOException {
        address = at;
        if (settings.httpVersion() == OfferedVersion.HTTP_3) {
            return attemptOverQuic(request, at, patience);
        }
        var sockets = new FixedSockets(at, tunnel, received);
        boolean byUrl = proxy.isPresent() && isAskedByUrl(proxy.get());
        call = Transport.call(
                byUrl ? forProxy(request, proxy.get()) : request,
                sockets,
                byUrl,
                route,
                settings.httpVersion(),
                clock,
                Duration.ofMillis(patience),
                Duration.ofMillis(run.deadline().leftMillis()));
        Response head = Transport.execute(call);
        response = head;
        route.connected(at, reached, sockets.last(), HttpVersion.of(head.protocol()) == HttpVersion.HTTP_2);
        return head;
    }

    private Response attemptOverQuic(Request request, InetSocketAddress at, int patience) throws IOException {
        TlsRun tls = route.tls().orElseThrow(() -> new ProtocolException("HTTP/3 needs https, and this is http"));
        var attempt = new Http3Exchange(at, tls, received, run.deadline().left());
        try {
            Response head = attempt.execute(request, Duration.ofMillis(patience), clock.overQuic());
            response = head;
            quic = attempt;
            return head;
        } finally {
            if (quic == null) {
                attempt.close(); // the next address gets a socket of its own
            }
        }
    }

    /** What an HTTP proxy gets beside the request when there is no tunnel. */
    private static Request forProxy(Request request, ProxySettings through) {
        Request.Builder more = request.newBuilder();
        through.login().ifPresent(login -> more.header("Proxy-Authorization", login.basic().reveal()));
        through.headers().forEach((name, text) -> more.header(name, text.value().reveal()));
        return more.build();
    }

    /**
     * Why an answer is not the target's but a failure of the proxy, which answers in its place where there is no tunnel.
     */
    Optional<Failure> proxyFailure(int status, Headers headers) {
        return proxy.filter(this::isAskedByUrl)
                .flatMap(through -> ProxyWords.failure(through, status, headers))
                .map(why -> new Failure(Cause.PROXY_FAILED, Tunnel.name(Objects.requireNonNull(address)) + " " + why));
    }

    /** A failure on the way to the proxy, unless it is our own. */
    private static Failure asProxys(Failure failure, String which) {
        return failure.cause().causeClass() == CauseClass.OWN_SIDE
                ? failure
                : new Failure(Cause.PROXY_FAILED, which + failure.message());
    }

    /** That there is no route to one address (often IPv6 on a host without) says less than what another did. */
    private Failure mostTelling() {
        return failures.stream()
                .filter(f -> f.cause() != Cause.CONNECT_UNREACHABLE)
                .findFirst()
                .orElse(failures.getFirst());
    }

    private List<InetAddress> resolve(HostPort name) throws ProbeFailure, InterruptedIOException {
        clock.begin(Phase.RESOLVE);
        var lookup = new Lookup(settings.resolver(), settings.policy(), settings.ipFamily());
        try {
            return lookup.addresses(name, run.deadline());
        } catch (UnresolvedException e) {
            clock.end();
            UnresolvedException explained = lookup.explained(e, name, run.deadline());
            evidence.addAll(explained.evidence());
            throw new ProbeFailure(explained.failure());
        } finally {
            clock.end();
        }
    }

    /** Names the cause by what was going on, which is over then. */
    private Failure failure(IOException e, InetSocketAddress at) throws InterruptedIOException {
        throwIfInterrupted();
        Failure failure = new HttpFailures(clock, run.deadline(), route.tls(), received.get(), proxy.isPresent()).of(e, at);
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
        return new HttpFailures(clock, run.deadline(), route.tls(), received.get(), proxy.isPresent()).ofBody(e, read, announced);
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

    /** The target's address, as far as it is known here. */
    Optional<InetAddress> reached() {
        return Optional.ofNullable(reached);
    }

    /** The proxy that the request goes through. */
    Optional<ProxySettings> proxy() {
        return proxy;
    }

    Optional<TlsRun> tls() {
        return route.tls();
    }

    /** What was found out beside: the path to an address that does not answer, the last address of a name that is gone. */
    List<Evidence> evidence() {
        return List.copyOf(evidence);
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
        if (quic != null) {
            quic.close();
        }
        if (response != null) {
            response.close();
        }
    }
}
