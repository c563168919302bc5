package dev.gatewatch.probes.httpclient;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.NetFacts;
import dev.gatewatch.probes.tls.ChainFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.Response;

/** The facts of an http run, under blackbox_exporter's metric names and with its meanings. */
public final class HttpFacts {
    public static final String STATUS = "status";
    public static final String CONTENT_LENGTH = "content_length";
    public static final String BODY_BYTES = "body_bytes";
    public static final String REDIRECTS = "redirects";
    public static final String SSL = "ssl";
    public static final String VERSION = "http_version";
    public static final String LAST_MODIFIED = "last_modified";
    public static final String FAILED_DUE_TO_REGEX = "failed_due_to_regex";
    public static final String QUOTA_LEFT = "quota_left";
    public static final String QUOTA_LIMIT = "quota_limit";
    public static final String QUOTA_RESET = "quota_reset";
    public static final String RETRY_AFTER = "retry_after";
    public static final String TRACE_ID = "trace_id";
    public static final String REQUEST_ID = "request_id";
    public static final String PROXY = "proxy";
    public static final String COMPRESSION = "compression";
    public static final String FAILED_DUE_TO_CEL = "failed_due_to_cel";
    public static final String HELD_BACK = "held_back";
    public static final String TOKEN_RETRIES = "token_retries";

    public static final List<FactSpec> SPECS = specs();

    private HttpFacts() {}

    private static List<FactSpec> specs() {
        var specs = new ArrayList<>(List.of(
                FactSpec.gauge(STATUS, "probe_http_status_code", "HTTP status of the final answer; 0 without one."),
                FactSpec.gauge(
                        CONTENT_LENGTH,
                        "probe_http_content_length",
                        "Content-Length of the final answer in bytes; -1 where it has none, 0 without an answer."),
                FactSpec.gauge(
                        BODY_BYTES,
                        "probe_http_uncompressed_body_length",
                        "Bytes of the body that were read, after decompression."),
                FactSpec.gauge(REDIRECTS, "probe_http_redirects", "Redirects followed."),
                FactSpec.gauge(SSL, "probe_http_ssl", "Whether the final answer came over TLS."),
                FactSpec.gauge(
                        VERSION, "probe_http_version", "HTTP version of the final answer: 1, 1.1, 2; 0 without one."),
                FactSpec.gauge(
                        LAST_MODIFIED,
                        "probe_http_last_modified_timestamp_seconds",
                        "Last-Modified of the final answer, in Unix seconds."),
                FactSpec.gauge(
                        FAILED_DUE_TO_REGEX,
                        "probe_failed_due_to_regex",
                        "Whether a regular expression on header or body did not hold."),
                FactSpec.gauge(
                        QUOTA_LEFT,
                        "probe_http_quota_left",
                        "Requests left in the window, from X-RateLimit-Remaining, RateLimit-Remaining or RateLimit."),
                FactSpec.gauge(
                        QUOTA_LIMIT,
                        "probe_http_quota_limit",
                        "Requests allowed in the window, from X-RateLimit-Limit, RateLimit-Limit, RateLimit or"
                                + " RateLimit-Policy."),
                FactSpec.gauge(
                        QUOTA_RESET, "probe_http_quota_reset_seconds", "Seconds until the window ends, where told."),
                FactSpec.gauge(
                        RETRY_AFTER, "probe_http_retry_after_seconds", "Retry-After of the final answer, in seconds."),
                FactSpec.gauge(
                        TOKEN_RETRIES,
                        "probe_http_token_retries",
                        "Requests sent again with another token, because the target refused the first with 401."),
                FactSpec.gauge(
                        FAILED_DUE_TO_CEL, "probe_failed_due_to_cel", "Whether a CEL expression on the answer did not hold; absent where none is asked for."),
                FactSpec.gauge(
                        HELD_BACK,
                        "probe_http_held_back",
                        "Whether the run sent nothing, because the target had asked to be left alone by Retry-After."),
                FactSpec.plain(COMPRESSION, "Content-Encoding of the final answer; identity where it has none."),
                FactSpec.plain(PROXY, "The proxy that the request went through, as host:port."),
                FactSpec.plain(TRACE_ID, "Trace id that was sent in the traceparent header."),
                FactSpec.plain(REQUEST_ID, "Request id that the target gave.")));
        specs.addAll(NetFacts.SPECS);
        specs.addAll(ChainFacts.SPECS);
        return List.copyOf(specs);
    }

    /** What blackbox_exporter exports also without an answer. */
    static void begin(Report.Builder report, String traceId) {
        unanswered(report);
        report.fact(REDIRECTS, 0);
        report.fact(FAILED_DUE_TO_REGEX, false);
        report.fact(HELD_BACK, false);
        report.fact(TRACE_ID, traceId);
    }

    /** There is no final answer yet, or none any more after a redirect. */
    static void unanswered(Report.Builder report) {
        report.fact(STATUS, 0);
        report.fact(CONTENT_LENGTH, 0);
        report.fact(BODY_BYTES, 0);
        report.fact(SSL, false);
        report.fact(VERSION, 0);
    }

    static void answer(Report.Builder report, Answer answer, Instant now) {
        report.fact(STATUS, answer.status());
        report.fact(CONTENT_LENGTH, (double) answer.contentLength());
        report.fact(BODY_BYTES, answer.body().bytes().size());
        report.fact(SSL, answer.url().isHttps());
        report.fact(VERSION, answer.version().number());
        Headers headers = answer.headers();
        report.fact(COMPRESSION, Coding.of(answer.coding()).map(Coding::word).orElse("other"));
        lastModified(report, headers);
        Quota quota = Quota.of(headers, now);
        quota.left().ifPresent(left -> report.fact(QUOTA_LEFT, left));
        quota.limit().ifPresent(limit -> report.fact(QUOTA_LIMIT, limit));
        quota.resetSeconds().ifPresent(seconds -> report.fact(QUOTA_RESET, seconds));
        Quota.retryAfter(headers, now).ifPresent(seconds -> report.fact(RETRY_AFTER, seconds));
    }

    /** What is known of an answer whose body could not be had. */
    static void head(Report.Builder report, Response response, Hop hop, long announced, long read) {
        report.fact(STATUS, response.code());
        report.fact(CONTENT_LENGTH, (double) announced);
        report.fact(BODY_BYTES, (double) read);
        report.fact(SSL, hop.url().isHttps());
        report.fact(VERSION, HttpVersion.of(response.protocol()).number());
        if (!Hop.isRedirect(response.code())) {
            lastModified(report, response.headers());
        }
    }

    private static void lastModified(Report.Builder report, Headers headers) {
        Optional.ofNullable(headers.getInstant("Last-Modified"))
                .ifPresent(at -> report.fact(LAST_MODIFIED, (double) at.getEpochSecond()));
    }
}
