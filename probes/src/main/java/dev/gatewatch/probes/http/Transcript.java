package dev.gatewatch.probes.http;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import okhttp3.Headers;
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
    private @Nullable Request request;
    private @Nullable Response response;
    private @Nullable Headers headers;
    private @Nullable Answer answer;

    Transcript(Redaction redaction) {
        this.redaction = redaction;
    }

    void request(Request request) {
        this.request = request;
        this.response = null;
    }

    void response(Response response, Headers headers) {
        this.response = response;
        this.headers = headers;
    }

    void hop(Hop from, int status, Hop to) {
        boolean leavesTls = from.url().isHttps() && !to.url().isHttps();
        boolean leavesHome = from.home() && !to.home();
        hops.add(status + " " + from.method() + " " + from.url() + " -> " + to.url()
                + (leavesTls ? " (leaves TLS)" : "")
                + (leavesHome ? " (another origin: no credentials)" : ""));
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
        if (request != null) {
            String traceparent = request.header("traceparent");
            report.evidence(
                    "request",
                    redaction.block(request.method() + " " + UrlType.shown(request.url(), false) + "\ntraceparent: "
                            + traceparent));
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
            String value = headers.value(i);
            boolean secret = name.toLowerCase(Locale.ROOT).startsWith("set-cookie");
            head.append('\n').append(name).append(": ").append(secret ? Secret.MASK : shortened(value));
        }
        if (headers.size() > MOST_HEADERS) {
            head.append("\n… ").append(headers.size() - MOST_HEADERS).append(" more");
        }
        return head.toString();
    }

    private static String shortened(String value) {
        return value.length() > LONGEST_HEADER ? value.substring(0, LONGEST_HEADER - 1) + "…" : value;
    }
}
