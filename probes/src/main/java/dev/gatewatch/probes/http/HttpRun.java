package dev.gatewatch.probes.http;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
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
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.Request;
import okhttp3.Response;

/** One run from request to report: hop after hop, then the judgement. Confined to the run's thread. */
final class HttpRun {
    private final HttpConfig config;
    private final Redaction redaction;
    private final Run run;
    private final Instant now;
    private final Report.Builder report = Report.builder();
    private final PhaseClock clock = new PhaseClock();
    private final Cookies cookies = new Cookies();
    private final Transcript transcript;

    private int redirects;
    private Optional<InetAddress> first = Optional.empty();

    HttpRun(HttpConfig config, Redaction redaction, Run run) {
        this.config = config;
        this.redaction = redaction;
        this.run = run;
        this.now = run.clock().instant();
        this.transcript = new Transcript(redaction);
    }

    Report report() throws InterruptedIOException {
        HttpFacts.begin(report, run.traceId());
        try {
            judge(walk());
        } catch (ProbeFailure e) {
            new Failure(e.failure().cause(), redaction.line(e.failure().message() + where())).tell(report);
        }
        for (Phase phase : Phase.values()) {
            report.phase(phase.label(), clock.took(phase));
        }
        report.fact(HttpFacts.REDIRECTS, redirects);
        if (report.outcome() != Outcome.PASS) {
            transcript.tell(report);
        }
        return report.build();
    }

    /** Follows redirects to the final answer. */
    private Answer walk() throws ProbeFailure, InterruptedIOException {
        Hop hop = Hop.first(config);
        Set<String> seen = new HashSet<>();
        while (true) {
            Optional<String> cookie = cookies.header(hop.url());
            if (!seen.add(hop.method() + " " + hop.url() + " " + cookie.orElse(""))) {
                throw new ProbeFailure(
                        new Failure(Cause.REDIRECT_LIMIT, "a redirect loop: " + UrlType.shown(hop.url(), false) + " was asked for before"));
            }
            Request request = Requests.of(hop, config, cookie, run.traceId());
            transcript.request(request);
            try (var exchange = new Exchange(hop, config, run, clock)) {
                Response response = open(exchange, request);
                Headers headers = Transport.headers(response);
                transcript.response(response, headers);
                String location = headers.get("Location");
                if (location == null || !isFollowed(response.code())) {
                    return answer(hop, exchange, response, headers);
                }
                cookies.keep(hop.url(), headers);
                hop = next(hop, response.code(), location);
            }
        }
    }

    private Response open(Exchange exchange, Request request) throws ProbeFailure, InterruptedIOException {
        try {
            return exchange.open(request, first);
        } finally {
            NetFacts.lookup(report, clock.took(Phase.RESOLVE));
            transcript.refusals(exchange.failures());
            exchange.tls().ifPresent(tls -> {
                ChainFacts.put(report, tls);
                tls.recorder().seen().ifPresent(transcript::chain);
            });
            exchange.address().map(InetSocketAddress::getAddress).ifPresent(address -> {
                NetFacts.address(report, address);
                first = first.or(() -> Optional.of(address));
            });
        }
    }

    private boolean isFollowed(int status) {
        return config.followRedirects()
                && Hop.isRedirect(status)
                && !config.expect().hasStatus(status);
    }

    private Hop next(Hop hop, int status, String location) throws ProbeFailure {
        report.fact(HttpFacts.STATUS, status);
        Hop next = hop.redirected(status, location, config.url())
                .orElseThrow(() -> new ProbeFailure(new Failure(
                        Cause.CONTENT_MISMATCH, "the redirect to \"" + location + "\" is to no http address")));
        if (redirects == config.maxRedirects()) {
            throw new ProbeFailure(new Failure(
                    Cause.REDIRECT_LIMIT,
                    "more than " + redirects + (redirects == 1 ? " redirect" : " redirects") + "; the next would lead to "
                            + UrlType.shown(next.url(), false)));
        }
        redirects++;
        transcript.hop(hop, status, next);
        return next;
    }

    private Answer answer(Hop hop, Exchange exchange, Response response, Headers headers)
            throws ProbeFailure, InterruptedIOException {
        var reader = new BodyReader(config.bodyLimit());
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
                    Requests.sendsCredential(hop, config),
                    !hop.home() && Requests.hasCredential(config));
            clock.end();
            HttpFacts.answer(report, answer, now);
            transcript.body(answer);
            return answer;
        } catch (IOException e) {
            HttpFacts.head(report, response, hop, announced, reader.count());
            throw new ProbeFailure(exchange.bodyFailure(e, reader.count(), announced));
        } catch (ProbeFailure e) {
            HttpFacts.head(report, response, hop, announced, reader.count());
            throw e;
        }
    }

    private void judge(Answer answer) {
        ErrorBody.requestId(answer.headers()).ifPresent(id -> report.fact(HttpFacts.REQUEST_ID, redaction.line(id)));
        Expectation expect = config.expect();
        if (!expect.hasStatus(answer.status())) {
            Failure failure = StatusVerdict.of(answer, expect.status(), now);
            new Failure(failure.cause(), redaction.line(failure.message() + where())).tell(report);
            return;
        }
        new Assertions(expect, answer, run.deadline(), redaction, report).check(config.versions());
        if (report.outcome() == Outcome.PASS) {
            degrade(answer, expect);
        }
    }

    private void degrade(Answer answer, Expectation expect) {
        Duration took = run.deadline().elapsed();
        expect.latency().filter(bound -> took.compareTo(bound) > 0).ifPresent(bound -> {
            Phase longest = clock.longest();
            report.degraded(
                    Cause.LATENCY_HIGH,
                    "took " + Durations.format(took) + ", expected at most " + Durations.format(bound) + " ("
                            + longest.label() + " " + Durations.format(clock.took(longest)) + ")");
        });
        Quota quota = Quota.of(answer.headers(), now);
        if (quota.isLow()) {
            report.degraded(Cause.QUOTA_LOW, quota.shown());
        }
    }

    /** A failure after redirects is not where the configuration points. */
    private String where() {
        return redirects == 0 ? "" : transcript.where();
    }
}
