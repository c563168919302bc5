package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.NetFacts;
import dev.gatewatch.probes.tls.ChainFacts;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntPredicate;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okio.ByteString;

/**
 * The HTTP conversation of one run: requests that share cookies and, if wanted, connections. Each is sent, its redirects are followed,
 * and what was seen on the way goes into the run's report, also when it fails. Confined to the run's thread.
 */
public final class HttpSession implements AutoCloseable {
    /** Answers to challenges for one request: one, and one more for a nonce that went stale. */
    private static final int MOST_LOGINS = 2;

    private final ClientSettings settings;
    private final Redaction redaction;
    private final boolean keepAlive;
    private final Instant now;
    private final Cookies cookies = new Cookies();
    private final Map<String, DigestLogin> logins = new HashMap<>();
    private final Map<String, Route> routes = new HashMap<>();
    private final EnumMap<Phase, Duration> total = new EnumMap<>(Phase.class);

    private Run run;
    private Report.Builder report;
    private PhaseClock clock = new PhaseClock();
    private Transcript transcript;
    private int redirects;
    private Optional<InetAddress> first = Optional.empty();
    private Optional<DigestLogin> digest = Optional.empty();
    private int tokenRetries;

    private HttpSession(
            ClientSettings settings, Redaction redaction, Run run, Report.Builder report, boolean keepAlive) {
        this.settings = settings;
        this.redaction = redaction;
        this.run = run;
        this.report = report;
        this.keepAlive = keepAlive;
        this.now = run.clock().instant();
        this.transcript = new Transcript(redaction);
        HttpFacts.begin(report, run.traceId());
    }

    /** A conversation with a fresh connection for every request. */
    public static HttpSession of(ClientSettings settings, Redaction redaction, Run run, Report.Builder report) {
        return new HttpSession(settings, redaction, run, report, false);
    }

    /** A conversation that keeps its connections, one to an origin, as an application's client does. */
    public static HttpSession keptAlive(ClientSettings settings, Redaction redaction, Run run, Report.Builder report) {
        return new HttpSession(settings, redaction, run, report, true);
    }

    /**
     * Goes on with a part of the run that has a deadline and a report of its own: its requests are bound by the one and told to the
     * other. Cookies and connections stay.
     */
    public void next(Run part, Report.Builder partsReport) {
        run = part;
        report = partsReport;
        HttpFacts.begin(report, run.traceId());
    }

    /** Tells what is said about the last answer from now on to another report. */
    public void tellTo(Report.Builder other) {
        report = other;
    }

    /** As {@link #send(HttpRequest, IntPredicate)}, following every redirect that the settings let follow. */
    public Answer send(HttpRequest request) throws ProbeFailure, InterruptedIOException {
        return send(request, _ -> false);
    }

    /**
     * Sends a request and follows its redirects to the final answer. A token that the target refuses is renewed and the request is sent
     * once more.
     *
     * @param wanted statuses that are the answer although they are redirects
     * @throws ProbeFailure when no answer came
     * @throws InterruptedIOException when the run was interrupted
     */
    public Answer send(HttpRequest request, IntPredicate wanted) throws ProbeFailure, InterruptedIOException {
        first = Optional.empty();
        return send(request, wanted, request.url());
    }

    /**
     * As {@link #send(HttpRequest, IntPredicate)}, for an address that a peer told us: it is treated as a redirect from {@code home}
     * would be. To another origin go no credentials, and it may not lead from elsewhere to what only this machine can reach.
     *
     * @param home what the configuration names
     */
    public Answer sendLearnt(HttpRequest request, IntPredicate wanted, HttpUrl home)
            throws ProbeFailure, InterruptedIOException {
        return send(request, wanted, home);
    }

    private Answer send(HttpRequest request, IntPredicate wanted, HttpUrl home)
            throws ProbeFailure, InterruptedIOException {
        clock = new PhaseClock();
        transcript = new Transcript(redaction);
        redirects = 0;
        digest = digestFor(request, home);
        try {
            return authorized(request, wanted, home);
        } finally {
            clock.end();
            for (Phase phase : Phase.values()) {
                total.merge(phase, clock.took(phase), Duration::plus);
            }
            report.fact(HttpFacts.REDIRECTS, redirects);
        }
    }

    private Answer authorized(HttpRequest request, IntPredicate wanted, HttpUrl home)
            throws ProbeFailure, InterruptedIOException {
        if (request.auth().orElse(null) instanceof Auth.OAuth(String name, TokenSource source)) {
            Secret token = token(source);
            Answer answer = walk(request.with(new Auth.Bearer(token)), wanted, home);
            if (answer.status() != 401) {
                return answer;
            }
            // revoked before its time, as RFC 6750 section 3.1 has it: one other token, one more try
            source.refused(token);
            Secret other = token(source);
            report.fact(HttpFacts.TOKEN_RETRIES, ++tokenRetries);
            report.evidence("token", "the first token of \"" + name + "\" was refused with 401; asked for another");
            return walk(request.with(new Auth.Bearer(other)), wanted, home);
        }
        return walk(request, wanted, home);
    }

    private Secret token(TokenSource source) throws ProbeFailure, InterruptedIOException {
        clock.begin(Phase.TOKEN);
        try {
            Secret token = source.token(run);
            redaction.also(token);
            return token;
        } finally {
            clock.end();
        }
    }

    /** A digest login lasts as long as the conversation; another user gets another. */
    private Optional<DigestLogin> digestFor(HttpRequest request, HttpUrl home) {
        return request.auth()
                .filter(Auth.Digest.class::isInstance)
                .map(Auth.Digest.class::cast)
                .map(who -> logins.computeIfAbsent(
                        UrlType.origin(home) + " " + who.username(), _ -> new DigestLogin(who, nonce())));
    }

    private static String nonce() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** Follows redirects to the final answer. */
    private Answer walk(HttpRequest asked, IntPredicate wanted, HttpUrl home)
            throws ProbeFailure, InterruptedIOException {
        Hop hop = Hop.first(asked, home);
        Set<String> seen = new HashSet<>();
        boolean again = false;
        int logins = 0;
        while (true) {
            if (!again && !seen.add(hop.method() + " " + hop.url() + " " + cookies.header(hop.url()).orElse(""))) {
                throw new ProbeFailure(
                        new Failure(Cause.REDIRECT_LIMIT, "a redirect loop: " + UrlType.shown(hop.url(), false) + " was asked for before"));
            }
            again = false;
            Optional<Secret> login = login(hop, asked);
            Request request = Requests.of(hop, asked, cookies, login, run.traceId());
            transcript.request(request);
            if (redirects > 0) {
                HttpFacts.unanswered(report);
            }
            try (var exchange = new Exchange(hop, home, settings, route(hop, home), run, clock)) {
                Response response = open(exchange, request);
                first = first.or(exchange::reached);
                Headers headers = response.headers();
                transcript.response(response, headers);
                Optional<Failure> proxyFailed = exchange.proxyFailure(response.code(), headers);
                if (proxyFailed.isPresent()) {
                    HttpFacts.head(report, response, hop, response.body().contentLength(), 0);
                    throw new ProbeFailure(proxyFailed.get());
                }
                cookies.keep(hop.url(), headers);
                String location = headers.get("Location");
                if (location != null && isFollowed(response.code(), wanted)) {
                    logins = 0;
                    hop = next(hop, home, response, location);
                    continue;
                }
                Answer answer = answer(hop, asked, login.isPresent(), exchange, response, headers);
                if (!isChallenge(hop, answer, login.isPresent()) || ++logins > MOST_LOGINS) {
                    return answer;
                }
                again = true;
            } finally {
                if (!keepAlive) {
                    closeRoutes();
                }
            }
        }
    }

    private Optional<Secret> login(Hop hop, HttpRequest asked) {
        ByteString body =
                hop.withBody() ? asked.body().map(HttpRequest.Content::bytes).orElse(ByteString.EMPTY) : ByteString.EMPTY;
        return digest.filter(_ -> hop.home()).flatMap(d -> d.header(hop.method(), hop.url(), body));
    }

    /** Whether an answer only asks who we are, and we can say it. */
    private boolean isChallenge(Hop hop, Answer answer, boolean answered) {
        if (answer.status() != 401 || !hop.home() || digest.isEmpty()) {
            return false;
        }
        boolean asked = digest.get().challenged(answer.headers(), answered);
        if (!asked && !answered) {
            report.evidence(
                    "login",
                    redaction.block("auth is digest, and the target offers no digest that we can answer: "
                            + String.join(", ", answer.headers().values("WWW-Authenticate"))));
        }
        return asked;
    }

    private Route route(Hop hop, HttpUrl home) {
        return routes.computeIfAbsent(
                UrlType.origin(hop.url()) + (hop.home() ? "" : " away"),
                _ -> new Route(Exchange.tls(hop, home, settings, now), keepAlive));
    }

    private Response open(Exchange exchange, Request request) throws ProbeFailure, InterruptedIOException {
        try {
            return exchange.open(request, first);
        } finally {
            if (clock.isSent()) {
                transcript.sent();
            }
            exchange.proxy().ifPresent(proxy -> report.fact(HttpFacts.PROXY, proxy.address().toString()));
            NetFacts.lookup(report, clock.took(Phase.RESOLVE));
            transcript.refusals(exchange.failures());
            exchange.evidence().forEach(e -> report.evidence(e.title(), redaction.block(e.text())));
            exchange.tls().ifPresent(tls -> {
                ChainFacts.put(report, tls);
                tls.recorder().seen().ifPresent(transcript::chain);
            });
            exchange.address().map(InetSocketAddress::getAddress).ifPresent(address -> {
                NetFacts.address(report, address);
            });
        }
    }

    private boolean isFollowed(int status, IntPredicate wanted) {
        return settings.followRedirects() && Hop.isRedirect(status) && !wanted.test(status);
    }

    private Hop next(Hop hop, HttpUrl home, Response response, String location) throws ProbeFailure {
        int status = response.code();
        HttpFacts.head(report, response, hop, response.body().contentLength(), 0);
        Hop next = hop.redirected(status, location, home)
                .orElseThrow(() -> new ProbeFailure(new Failure(
                        Cause.CONTENT_MISMATCH, "the redirect to \"" + location + "\" is to no http address")));
        if (redirects == settings.maxRedirects()) {
            throw new ProbeFailure(new Failure(
                    Cause.REDIRECT_LIMIT,
                    "more than " + redirects + (redirects == 1 ? " redirect" : " redirects") + "; the next would lead to "
                            + UrlType.shown(next.url(), false)));
        }
        redirects++;
        transcript.hop(hop, status, next);
        return next;
    }

    private Answer answer(
            Hop hop, HttpRequest asked, boolean login, Exchange exchange, Response response, Headers headers)
            throws ProbeFailure, InterruptedIOException {
        var reader = new BodyReader(settings.bodyLimit());
        long announced = response.body().contentLength();
        try {
            var answer = new Answer(
                    hop.url(),
                    HttpVersion.of(response.protocol()),
                    response.code(),
                    response.message(),
                    headers,
                    announced,
                    reader.read(response),
                    hop.home() && asked.hasCredential(login),
                    !hop.home() && asked.hasCredential(true));
            exchange.finish();
            clock.end();
            HttpFacts.answer(report, answer, now);
            transcript.body(answer);
            return answer;
        } catch (IOException e) {
            HttpFacts.head(report, response, hop, announced, reader.count());
            throw new ProbeFailure(exchange.bodyFailure(e, reader.count(), announced));
        } catch (ProbeFailure e) {
            HttpFacts.head(report, response, hop, announced, Math.min(reader.count(), settings.bodyLimit()));
            throw e;
        }
    }

    /** How many redirects the last request followed. */
    public int redirects() {
        return redirects;
    }

    /** How long a phase of the last request took. */
    public Duration took(Phase phase) {
        return clock.took(phase);
    }

    /** Which phase of the last request took longest. */
    public Phase longest() {
        return clock.longest();
    }

    /** Tells the phases of all requests, each summed; those of tokens and proxies only where there were any. */
    public void tellPhases() {
        for (Phase phase : Phase.values()) {
            Duration took = total.getOrDefault(phase, Duration.ZERO);
            boolean always = phase != Phase.TOKEN && phase != Phase.PROXY;
            if (always || !took.isZero()) {
                report.phase(phase.label(), took);
            }
        }
    }

    /** Tells what was said in the last request, for a run that does not pass. */
    public void tellTranscript() {
        transcript.tell(report);
    }

    /** For messages about the last request: where redirects have led, which is not where the configuration points; or empty. */
    public String where() {
        return redirects == 0 ? "" : transcript.where();
    }

    /** As {@link ClientSettings#requiredVersions}. */
    public List<HttpVersion> requiredVersions() {
        return settings.requiredVersions();
    }

    /** What the {@code Cookie} header for a URL would be, where any cookie fits. */
    public Optional<String> cookies(HttpUrl url) {
        return cookies.header(url);
    }

    /** Forgets the cookies that were set so far: what follows is asked in another's name, over the same connections. */
    public void forgetCookies() {
        cookies.clear();
    }

    /** Makes what a peer said fit to be shown. */
    public Redaction redaction() {
        return redaction;
    }

    public Run run() {
        return run;
    }

    /** The report that this conversation tells its facts to. */
    public Report.Builder report() {
        return report;
    }

    private void closeRoutes() {
        routes.values().forEach(Route::close);
        routes.clear();
    }

    /** Ends kept connections. */
    @Override
    public void close() {
        closeRoutes();
    }
}
