package dev.gatewatch.probes.http;

import dev.gatewatch.probes.httpclient.Json;
import static dev.gatewatch.probes.http.Probing.evidence;
import static dev.gatewatch.probes.http.Probing.fact;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an answer is made of: each cause that a well-formed answer can have. */
final class HttpCausesTest {
    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aGoodAnswerPassesWithAllPhasesFactsAndNoEvidence() throws Exception {
        server.enqueue(answer(200, "{\"status\":\"UP\"}")
                .setHeader("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT")
                .build());

        Report report = probe(Map.of("expect", Map.of("status", List.of(200), "json", Map.of("$.status", "UP"))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.phases()).containsOnlyKeys("resolve", "connect", "tls", "processing", "transfer");
        assertThat(report.evidence()).isEmpty();
        assertThat(fact(report, "status")).isEqualTo(200L);
        assertThat(fact(report, "http_version")).isEqualTo(1.1);
        assertThat(fact(report, "content_length")).isEqualTo(15L);
        assertThat(fact(report, "body_bytes")).isEqualTo(15L);
        assertThat(fact(report, "ssl")).isEqualTo(false);
        assertThat(fact(report, "ip_protocol")).isEqualTo(4L);
        assertThat(fact(report, "last_modified")).isEqualTo(1_445_412_480L);
        assertThat(fact(report, "trace_id")).isEqualTo(Runs.TRACE_ID);
    }

    @Test
    void aRequestCarriesTraceparentAndWhoAsks() throws Exception {
        server.enqueue(answer(200, "").build());

        probe(Map.of());

        RecordedRequest request = server.takeRequest();
        assertThat(request.getHeaders().get("traceparent")).matches("00-" + Runs.TRACE_ID + "-[0-9a-f]{16}-01");
        assertThat(request.getHeaders().get("User-Agent")).startsWith("Gatewatch/");
        assertThat(request.getMethod()).isEqualTo("GET");
    }

    @Test
    void whatTheUserSetsWins() throws Exception {
        server.enqueue(answer(201, "").build());

        Report report = probe(Map.of(
                "method", "post",
                "headers", Map.of("User-Agent", "mine", "traceparent", "00-0-0-00", "Host", "pay.example"),
                "json", Map.of("amount", 12.50, "items", List.of("a", true))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        RecordedRequest request = server.takeRequest();
        assertThat(request.getMethod()).isEqualTo("POST");
        assertThat(request.getHeaders().get("User-Agent")).isEqualTo("mine");
        assertThat(request.getHeaders().get("traceparent")).isEqualTo("00-0-0-00");
        assertThat(request.getHeaders().values("Host")).containsExactly("pay.example");
        assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
        assertThat(Json.parse(request.getBody().toByteArray()))
                .isEqualTo(Json.parse("{\"amount\":12.5,\"items\":[\"a\",true]}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    static Stream<Arguments> answers() {
        String invalid = "{\"code\":\"PAYMENT_VALIDATION_FAILED\",\"message\":\"Required field missing\","
                + "\"field\":\"total_amount\",\"request_id\":\"req-7\"}";
        String down = "{\"status\":\"DOWN\",\"components\":{\"db\":{\"status\":\"DOWN\"},\"disk\":{\"status\":\"UP\"}}}";
        return Stream.of(
                arguments(500, "", "oops", Cause.HTTP_STATUS, "status 500, expected 2xx"),
                arguments(404, "", "<html>", Cause.HTTP_STATUS, "status 404, expected 2xx"),
                arguments(
                        400,
                        "",
                        invalid,
                        Cause.REQUEST_INVALID,
                        "status 400, expected 2xx: PAYMENT_VALIDATION_FAILED: \"Required field missing\","
                                + " field total_amount, request id req-7"),
                arguments(
                        422,
                        "Content-Type: application/problem+json",
                        "{\"type\":\"about:blank\",\"title\":\"Unprocessable\",\"detail\":\"order_id is malformed\"}",
                        Cause.REQUEST_INVALID,
                        "status 422, expected 2xx: \"order_id is malformed\", field order_id"),
                arguments(400, "", "Bad Request", Cause.HTTP_STATUS, "status 400, expected 2xx"),
                arguments(
                        409,
                        "",
                        "{\"err_code\":\"DUPLICATE_ORDER\"}",
                        Cause.REQUEST_REFUSED,
                        "status 409, expected 2xx: DUPLICATE_ORDER"),
                arguments(
                        401,
                        "WWW-Authenticate: Bearer",
                        "",
                        Cause.CREDENTIAL_MISSING,
                        "status 401, expected 2xx; no credential was sent"),
                arguments(
                        403,
                        "WWW-Authenticate: Bearer error=\"insufficient_scope\"",
                        "{\"error\":\"insufficient_scope\"}",
                        Cause.PERMISSION_MISSING,
                        "status 403, expected 2xx: insufficient_scope"),
                arguments(
                        429,
                        "Retry-After: 30",
                        "{\"code\":\"RATE_LIMIT_EXCEEDED\"}",
                        Cause.RATE_LIMITED,
                        "status 429, expected 2xx: RATE_LIMIT_EXCEEDED; retry after 30s"),
                arguments(
                        503,
                        "Retry-After: 0",
                        "busy",
                        Cause.SERVER_OVERLOADED,
                        "status 503, expected 2xx; retry after 0s"),
                arguments(
                        503,
                        "",
                        down,
                        Cause.HEALTH_DOWN,
                        "status 503, expected 2xx: the health report says DOWN (components.db is DOWN)"),
                arguments(
                        503,
                        "",
                        "[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n",
                        Cause.HEALTH_DOWN,
                        "status 503, expected 2xx: the health report says failed (etcd is failed)"),
                arguments(
                        403,
                        "",
                        "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
                        Cause.PERMISSION_MISSING,
                        "status 403, expected 2xx: AccessDenied: \"Access Denied\""),
                arguments(
                        403,
                        "",
                        "{\"code\":\"SignatureDoesNotMatch\"}",
                        Cause.CREDENTIAL_REJECTED,
                        "status 403, expected 2xx: SignatureDoesNotMatch; the credential was rejected"),
                arguments(
                        400,
                        "",
                        "{\"__type\":\"ThrottlingException\"}",
                        Cause.RATE_LIMITED,
                        "status 400, expected 2xx: ThrottlingException"),
                arguments(
                        403,
                        "Retry-After: 7",
                        "{\"code\":\"RATE_LIMIT_EXCEEDED\"}",
                        Cause.RATE_LIMITED,
                        "status 403, expected 2xx: RATE_LIMIT_EXCEEDED; retry after 7s"),
                arguments(
                        400,
                        "",
                        "<html>400 No required SSL certificate was sent</html>",
                        Cause.CLIENT_CERT_REQUIRED,
                        "status 400, expected 2xx; no client certificate was sent"),
                arguments(
                        302,
                        "X-None: 1",
                        "",
                        Cause.HTTP_STATUS,
                        "status 302, expected 2xx"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anUnexpectedStatusIsNamedByWhatTheAnswerSays(
            int status, String header, String body, Cause cause, String message) throws Exception {
        MockResponse.Builder answer = answer(status, body);
        if (!header.isEmpty()) {
            answer.addHeader(header);
        }
        server.enqueue(answer.build());

        Report report = probe(Map.of());

        assertThat(report.cause()).as(report.toString()).contains(cause);
        assertThat(report.message()).isEqualTo(message);
        assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(server.getRequestCount()).as("a probe never repeats its request").isEqualTo(1);
    }

    static Stream<Arguments> rejections() {
        return Stream.of(
                arguments("Bearer", "", Cause.CREDENTIAL_REJECTED),
                arguments("Bearer error=\"invalid_token\"", "", Cause.CREDENTIAL_REJECTED),
                arguments(
                        "Bearer error=\"invalid_token\", error_description=\"The token is expired\"",
                        "",
                        Cause.TOKEN_EXPIRED),
                arguments("", "{\"code\":\"token_expired\"}", Cause.TOKEN_EXPIRED),
                arguments("", "{\"error\":{\"message\":\"Jwt is expired\"}}", Cause.TOKEN_EXPIRED),
                arguments("", "{\"message\":\"API key expired\"}", Cause.CREDENTIAL_REJECTED));
    }

    @ParameterizedTest
    @MethodSource("rejections")
    void aCredentialThatWasSentIsRejectedOrExpired(String challenge, String body, Cause cause) throws Exception {
        MockResponse.Builder answer = answer(401, body);
        if (!challenge.isEmpty()) {
            answer.addHeader("WWW-Authenticate", challenge);
        }
        server.enqueue(answer.build());

        Report report = probe(Map.of("auth", Map.of("bearer", "t0ken-value")));

        assertThat(report.cause()).as(report.toString()).contains(cause);
        assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer t0ken-value");
    }

    @Test
    void anApiKeyHeaderCountsAsACredential() throws Exception {
        server.enqueue(answer(401, "").build());

        Report report = probe(Map.of("headers", Map.of("X-API-Key", "k-123456")));

        assertThat(report.cause()).contains(Cause.CREDENTIAL_REJECTED);
    }

    @Test
    void basicAuthenticationIsSent() throws Exception {
        server.enqueue(answer(200, "").build());

        probe(Map.of("auth", Map.of("basic", Map.of("username", "u", "password", "päss"))));

        assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Basic dTpww6Rzcw==");
    }

    @Test
    void aStatusThatIsExpectedIsRightWhateverItIs() throws Exception {
        for (int status : new int[] {400, 401, 429, 503, 302}) {
            server.enqueue(answer(status, "{\"code\":\"PAYMENT_VALIDATION_FAILED\"}")
                    .setHeader("Location", "/elsewhere")
                    .build());

            Report report = probe(Map.of(
                    "expect",
                    Map.of("status", List.of(status), "json", Map.of("$.code", "PAYMENT_VALIDATION_FAILED"))));

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void aHealthReportNamesTheComponentThatIsDown() throws Exception {
        server.enqueue(answer(200, "{\"status\":\"DOWN\",\"components\":{\"db\":{\"status\":\"DOWN\"}}}").build());

        Report report = probe(Map.of("expect", Map.of("json", Map.of("$.status", "UP"))));

        assertThat(report.cause()).contains(Cause.HEALTH_DOWN);
        assertThat(report.message()).isEqualTo("$.status is \"DOWN\", expected \"UP\" (components.db is DOWN)");
    }

    static Stream<Arguments> mismatches() {
        String doc = "{\"status\":\"UP\",\"n\":1.50,\"list\":[{\"s\":\"a\"},{\"s\":\"b\"}],\"none\":null}";
        return Stream.of(
                arguments(doc, Map.of("$.n", 1.5), ""),
                arguments(doc, Map.of("$.n", "1.5"), "$.n is 1.50, expected \"1.5\""),
                arguments(doc, Map.of("$.gone", 1), "$.gone is missing, expected 1"),
                arguments(doc, Map.of("$.list[*].s", List.of("a", "b")), ""),
                arguments(doc, Map.of("$.list[*].s", "a"), "$.list[*].s is \"b\", expected \"a\""),
                arguments(doc, Map.of("$.list[0]", Map.of("s", "a")), ""),
                arguments(doc, Map.of("$.list.length()", 2), ""),
                arguments(doc, Map.of("$.list[?(@.s=='z')].s", "z"), "$.list[?(@.s=='z')].s is missing, expected \"z\""),
                arguments("[1,2]", Map.of("$[1]", 2), ""),
                arguments("\"text\"", Map.of("$", "text"), ""));
    }

    @ParameterizedTest
    @MethodSource("mismatches")
    void jsonIsComparedByValue(String document, Map<String, Object> expected, String message) throws Exception {
        server.enqueue(answer(200, document).build());

        Report report = probe(Map.of("expect", Map.of("json", expected)));

        assertThat(report.message()).isEqualTo(message);
        assertThat(report.cause().map(Cause::code).orElse("")).isEqualTo(message.isEmpty() ? "" : "content_mismatch");
    }

    static Stream<Arguments> notJson() {
        return Stream.of(
                arguments("<html>", "there is something unexpected (line 1, column 1)"),
                arguments("", "it is empty"),
                arguments("{\"a\":", "it ends too early (line 1, column 6)"),
                arguments("{} {}", "something follows the document (line 1, column 4)"),
                arguments(
                        "[".repeat(10_000) + "]".repeat(10_000),
                        "it is nested too deep, or a number or name in it is too long"));
    }

    @ParameterizedTest
    @MethodSource("notJson")
    void aBodyThatIsNotJsonIsJsonInvalid(String body, String why) throws Exception {
        server.enqueue(answer(200, body).build());

        Report report = probe(Map.of("expect", Map.of("json", Map.of("$.a", 1))));

        assertThat(report.cause()).contains(Cause.JSON_INVALID);
        assertThat(report.message()).isEqualTo("the body is not JSON: " + why);
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                arguments("ready", ""),
                arguments("gone", "the body does not contain \"gone\""),
                arguments(List.of("ready", "set"), ""),
                arguments(Map.of("not_contains", "set"), "the body contains \"set\""),
                arguments(Map.of("matches", "re[a-z]+y"), ""),
                arguments(Map.of("matches", List.of("^ready", "^set")), "the body does not match /^set/"),
                arguments(Map.of("not_matches", "s.t"), "the body matches /s.t/"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBodyIsComparedWithTextsAndExpressions(Object expected, String message) throws Exception {
        server.enqueue(answer(200, "ready set").build());

        Report report = probe(Map.of("expect", Map.of("body", expected)));

        assertThat(report.message()).isEqualTo(message);
        assertThat(fact(report, "failed_due_to_regex")).isEqualTo(message.contains("/"));
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                arguments(Map.of("X-A", "^two$"), ""),
                arguments(Map.of("x-a", "three"), "header x-a is \"one\", \"two\", expected /three/"),
                arguments(Map.of("X-None", "."), "header X-None is missing, expected /./"),
                arguments(Map.of("X-None", Map.of("matches", ".", "allow_missing", true)), ""),
                arguments(
                        Map.of("X-A", Map.of("not_matches", "^o")),
                        "header X-A is \"one\", \"two\", which /^o/ must not match"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aHeaderFitsWhenOneOfItsValuesDoes(Map<String, Object> expected, String message) throws Exception {
        server.enqueue(answer(200, "").addHeader("X-A", "one").addHeader("X-A", "two").build());

        Report report = probe(Map.of("expect", Map.of("headers", expected)));

        assertThat(report.message()).isEqualTo(message);
    }

    @Test
    void severalFailuresAreAllKept() throws Exception {
        server.enqueue(answer(200, "{}").build());

        Report report = probe(Map.of(
                "expect", Map.of("body", List.of("first", "second"), "json", Map.of("$.third", 3))));

        assertThat(report.message()).isEqualTo("the body does not contain \"first\"");
        assertThat(evidence(report)).contains("does not contain \"second\"", "$.third is missing");
    }

    @Test
    void aCatastrophicExpressionOnALargeBodyEnds() throws Exception {
        server.enqueue(answer(200, "a".repeat(1_000_000) + "!").build());

        Report report = probe(Map.of("expect", Map.of("body", Map.of("matches", "(a+)+$"))));

        assertThat(report.cause()).as(report.message()).contains(Cause.CONTENT_MISMATCH);
    }

    @Test
    void anExpressionThatTakesTooLongIsOurOwnFault() throws Exception {
        server.enqueue(answer(200, "a".repeat(1_000_000)).build());
        String url = "http://127.0.0.1:" + server.getPort() + "/";

        Report report = Probing.run(
                Probing.config(url, Map.of("expect", Map.of("body", Map.of("matches", "(a?){900}(a+){900}b")))),
                Duration.ofSeconds(1));

        assertThat(report.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(report.cause()).contains(Cause.INTERNAL_ERROR);
        assertThat(report.message()).contains("simplify them or raise timeout");
    }

    @Test
    void aBodyOverTheLimitIsTooLarge() throws Exception {
        server.enqueue(answer(200, "x".repeat(2_000)).build());

        Report report = probe(Map.of("body_limit", "1kB"));

        assertThat(report.cause()).contains(Cause.BODY_TOO_LARGE);
        assertThat(report.message()).isEqualTo("the body is larger than 1 kB (body_limit)");
        assertThat(fact(report, "status")).isEqualTo(200L);
    }

    @Test
    void aGzippedBodyIsReadAndItsLengthOnTheWireKept() throws Exception {
        Buffer gzip = gzip("{\"status\":\"UP\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        long length = gzip.size();
        server.enqueue(new MockResponse.Builder()
                .body(gzip)
                .setHeader("Content-Encoding", "gzip")
                .build());

        Report report = probe(Map.of("expect", Map.of("json", Map.of("$.status", "UP"))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(report, "content_length")).isEqualTo(length);
        assertThat(fact(report, "body_bytes")).isEqualTo(15L);
        assertThat(server.takeRequest().getHeaders().get("Accept-Encoding")).isEqualTo("gzip");
    }

    @Test
    void aGzipBombIsStoppedAtTheLimit() throws Exception {
        server.enqueue(new MockResponse.Builder()
                .body(gzip(new byte[100_000_000]))
                .setHeader("Content-Encoding", "gzip")
                .build());

        Report report = probe(Map.of());

        assertThat(report.cause()).contains(Cause.BODY_TOO_LARGE);
        assertThat((Long) fact(report, "body_bytes")).isLessThan(1_100_000);
    }

    @Test
    void aBodyThatIsNotAsItsCodingSaysIsAMismatch() throws Exception {
        server.enqueue(answer(200, "not gzip at all, by far").setHeader("Content-Encoding", "gzip").build());

        Report report = probe(Map.of());

        assertThat(report.cause()).as(report.message()).contains(Cause.CONTENT_MISMATCH);
        assertThat(report.message()).isEqualTo("the body is not gzip as its header says");
    }

    @Test
    void aCodingThatNobodyAskedForIsNamedWhenTheBodyIsNeeded() throws Exception {
        server.enqueue(answer(200, "???").setHeader("Content-Encoding", "zstd").build());

        Report report = probe(Map.of("expect", Map.of("body", "x")));

        assertThat(report.message()).isEqualTo("the body came as \"zstd\", which was not asked for");
    }

    @Test
    void aSlowRunIsDegradedAndNamesThePhase() throws Exception {
        server.enqueue(answer(200, "").headersDelay(60, java.util.concurrent.TimeUnit.MILLISECONDS).build());

        Report report = probe(Map.of("expect", Map.of("latency", "50ms")));

        assertThat(report.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(report.cause()).contains(Cause.LATENCY_HIGH);
        assertThat(report.message()).matches("took .*, expected at most 50ms \\([a-z]+ .*\\)");
    }

    @Test
    void aQuotaThatIsNearlyUsedUpIsDegraded() throws Exception {
        server.enqueue(answer(200, "")
                .setHeader("X-RateLimit-Limit", "100")
                .setHeader("X-RateLimit-Remaining", "5")
                .build());

        Report report = probe(Map.of());

        assertThat(report.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(report.cause()).contains(Cause.QUOTA_LOW);
        assertThat(report.message()).isEqualTo("5 of 100 requests left");
        assertThat(fact(report, "quota_left")).isEqualTo(5L);
        assertThat(fact(report, "quota_limit")).isEqualTo(100L);
    }

    @Test
    void anotherVersionThanExpectedIsSaid() throws Exception {
        server.enqueue(answer(200, "").build());

        Report report = probe(Map.of("expect", Map.of("http_version", "2")));

        assertThat(report.cause()).contains(Cause.HTTP_VERSION);
        assertThat(report.message()).isEqualTo("HTTP version 1.1, expected 2");
    }

    @Test
    void aFailureKeepsRequestResponseAndHeadOfTheBody() throws Exception {
        server.enqueue(answer(500, "line one\nline\u0000 two" + "x".repeat(5_000))
                .setHeader("Set-Cookie", "session=verysecret")
                .build());

        Report report = probe(Map.of("headers", Map.of("Authorization", new Secret("Bearer abcdef123"))));

        assertThat(evidence(report))
                .contains("GET http://", "traceparent: 00-" + Runs.TRACE_ID, "HTTP/1.1 500 Server Error")
                .contains("line one\nline· two")
                .contains("body (first 1 kB of 4.9 kB)")
                .doesNotContain("verysecret", "abcdef123");
    }

    @Test
    void connectToLeavesTheHostHeaderAlone() throws Exception {
        server.enqueue(answer(200, "").build());

        Report report = Probing.run(
                "http://pay.invalid/health", Map.of("connect_to", "127.0.0.1:" + server.getPort()));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(server.takeRequest().getHeaders().get("Host")).isEqualTo("pay.invalid");
    }

    private Report probe(Map<String, ?> more) throws Exception {
        return Probing.run("http://127.0.0.1:" + server.getPort() + "/health", more);
    }

    private static MockResponse.Builder answer(int status, String body) {
        return new MockResponse.Builder().code(status).body(body);
    }

    private static Buffer gzip(byte[] bytes) throws Exception {
        var gzip = new Buffer();
        try (var sink = Okio.buffer(new GzipSink(gzip))) {
            sink.write(bytes);
        }
        return gzip;
    }
}
