package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.tls.ChainFacts;
import dev.gatewatch.probes.tls.ChainRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What was said in a run, kept for the evidence of one that does not pass. Confined to the run's thread. */
final class Transcript {
    private static final int BODY_HEAD = 1_024;
    private static final int MOST_HEADERS = 20;
    private static final int LONGEST_HEADER = 300;

    private final Redaction redaction;
    private final List<String> hops = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private @Nullable Request request;
    private boolean sent;
    private @Nullable Response response;
    private @Nullable Headers headers;
    private @Nullable Answer answer;
    private ChainRecorder.@Nullable Seen chain;

    Transcript(Redaction redaction) {
        this.redaction = redaction;
    }

    void request(Request request) {
        this.request = request;
        this.sent = false;
        this.response = null;
        this.answer = null;
        this.chain = null;
    }

    /** The request went out, at least in part. */
    void sent() {
        this.sent = true;
    }

    void response(Response response, Headers headers) {
        this.response = response;
        this.headers = headers;
    }

    void hop(Hop from, int status, Hop to) {
        boolean leavesTls = from.url().isHttps() && !to.url().isHttps();
        boolean leavesHome = from.home() && !to.home();
        hops.add(status + " " + from.method() + " " + UrlType.shown(from.url(), false) + " -> "
                + UrlType.shown(to.url(), false)
                + (leavesTls ? " (leaves TLS)" : "")
                + (leavesHome ? " (another origin: no credentials)" : ""));
    }

    /** Addresses that took no connection, beside others of the name. */
    void refusals(List<Failure> failures) {
        if (failures.size() > 1) {
            failures.forEach(f -> refusals.add(f.message()));
        }
    }

    /** What a handshake showed; kept for a run that ends there. */
    void chain(ChainRecorder.Seen seen) {
        this.chain = seen;
    }

    void body(Answer answer) {
        this.answer = answer;
    }

    /** For messages: where redirects have led. */
    String where() {
        return request == null ? "" : " (redirected to " + UrlType.shown(request.url(), false) + ")";
    }

    void tell(Report.Builder report) {
        if (!hops.isEmpty()) {
            report.evidence("redirects", redaction.block(String.join("\n", hops)));
        }
        if (!refusals.isEmpty()) {
            report.evidence("addresses that failed", redaction.block(String.join("\n", refusals)));
        }
        if (request != null) {
            String traceparent = request.header("traceparent");
            report.evidence(
                    sent ? "request" : "request (never sent)",
                    redaction.block(request.method() + " " + UrlType.shown(request.url(), false) + "\ntraceparent: "
                            + traceparent));
        }
        if (response == null && chain != null) {
            report.evidence("certificate chain", redaction.block(ChainFacts.describe(chain.chain())));
        }
        if (response != null && headers != null) {
            report.evidence("response", redaction.block(head(response, headers)));
        }
        if (answer != null && answer.body().bytes().size() > 0) {
            int size = answer.body().bytes().size();
            report.evidence(
                    size > BODY_HEAD ? "body (first 1 kB of " + Sizes.format(size) + ")" : "body",
                    redaction.block(answer.head(BODY_HEAD)));
        }
    }

    private static String head(Response response, Headers headers) {
        var head = new StringBuilder("HTTP/" + HttpVersion.of(response.protocol()) + " " + response.code() + " "
                + response.message());
        for (int i = 0; i < Math.min(headers.size(), MOST_HEADERS); i++) {
            String name = headers.name(i);
            head.append('\n').append(name).append(": ").append(shown(name, headers.value(i), response));
        }
        if (headers.size() > MOST_HEADERS) {
            head.append("\n… ").append(headers.size() - MOST_HEADERS).append(" more");
        }
        return head.toString();
    }

    private static String shown(String name, String value, Response response) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("set-cookie")) {
            return Secret.MASK;
        }
        HttpUrl location = lower.equals("location") ? response.request().url().resolve(value) : null;
        if (location != null) {
            return UrlType.shown(location, false);
        }
        return value.length() > LONGEST_HEADER ? value.substring(0, LONGEST_HEADER - 1) + "…" : value;
    }
}
